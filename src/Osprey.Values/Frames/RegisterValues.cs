using Osprey.Symbols.Types;
using Osprey.Target.Architectures;

namespace Osprey.Values.Frames;

/// <summary>Registers as values, of the types that gdb gives them.</summary>
internal static class RegisterValues
{
    private static readonly FunctionType s_code = new(() => null, () => [], false);

    /// <summary>
    /// Finds a register by gdb's name without <c>$</c>, in either case: also by its role (pc, sp, fp), or a part of one
    /// such as eax, ax, al. Null when there is none of this name.
    /// </summary>
    public static Value? Find(ValueSpace space, RegisterSet registers, string name)
    {
        Architecture architecture = registers.Architecture;
        string lower = name.ToLowerInvariant();
        Register? register = lower switch
        {
            "pc" => architecture.ProgramCounter,
            "sp" => architecture.StackPointer,
            "fp" => architecture.FramePointer,
            _ => architecture.FindRegister(lower),
        };
        if (register is not null)
            return Make(space, registers, register, GetType(architecture, register), 0, name);

        return architecture.Parts.TryGetValue(lower, out RegisterPart part)
            ? Make(space, registers, part.Whole, GetType(part.Size), part.Shift, name)
            : null;
    }

    private static Value Make(
        ValueSpace space,
        RegisterSet registers,
        Register register,
        DebugType type,
        int shift,
        string name
    ) =>
        registers.TryGet(register, out ulong value)
            ? space.FromInteger(type, unchecked((long)(value >> shift)))
            : space.Missing(type, ValueProblem.NotKnown($"register {name} is not known in this frame"));

    private static DebugType GetType(Architecture architecture, Register register)
    {
        if (register == architecture.ProgramCounter)
            return BuiltinTypes.PointerTo(s_code);

        return register == architecture.StackPointer || register == architecture.FramePointer
            ? BuiltinTypes.PointerTo(null)
            : GetType(register.Size);
    }

    private static BaseType GetType(int size) =>
        size switch
        {
            1 => BuiltinTypes.SignedChar,
            2 => BuiltinTypes.Short,
            4 => BuiltinTypes.Int,
            _ => BuiltinTypes.Long,
        };
}
