using Osprey.Symbols.Types;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Values.Frames;

/// <summary>Registers as values, of the types that gdb gives them.</summary>
public static class RegisterValues
{
    private static readonly FunctionType s_code = new(() => null, () => [], false);

    /// <summary>
    /// A register by gdb's name without <c>$</c>; parts such as eax, ax, al too. Null when there is none of this name.
    /// </summary>
    public static Value? Find(ValueSpace space, RegisterSet registers, string name)
    {
        string lower = name.ToLowerInvariant() switch
        {
            "pc" => "rip",
            "sp" => "rsp",
            "fp" => "rbp",
            "eflags" => "rflags",
            "k_gs_base" => "kernelgsbase",
            var other => other,
        };
        if (lower.Length > 0 && RegisterSet.TryParseName(lower, out X64Register? register))
            return Make(space, registers, register.Value, GetType(register.Value), 0, name);

        return FindPart(lower) is (var whole, var type, var shift)
            ? Make(space, registers, whole, type, shift, name)
            : null;
    }

    private static Value Make(
        ValueSpace space,
        RegisterSet registers,
        X64Register register,
        DebugType type,
        int shift,
        string name
    ) =>
        registers.TryGet(register, out ulong value)
            ? space.FromInteger(type, unchecked((long)(value >> shift)))
            : space.Missing(type, ValueProblem.NotKnown($"register {name} is not known in this frame"));

    private static DebugType GetType(X64Register register) =>
        register switch
        {
            X64Register.Rip => BuiltinTypes.PointerTo(s_code),
            X64Register.Rsp or X64Register.Rbp => BuiltinTypes.PointerTo(null),
            X64Register.Rflags or (>= X64Register.Cs and <= X64Register.Gs) => BuiltinTypes.Int,
            _ => BuiltinTypes.Long,
        };

    private static (X64Register Whole, DebugType Type, int Shift)? FindPart(string name)
    {
        if (name.Length is < 2 or > 4)
            return null;

        // r8d, r8w, r8l to r15...
        if (name[0] == 'r' && char.IsAsciiDigit(name[1]))
        {
            DebugType? narrow = name[^1] switch
            {
                'd' => BuiltinTypes.Int,
                'w' => BuiltinTypes.Short,
                'l' => BuiltinTypes.SignedChar,
                _ => null,
            };
            return narrow is not null && RegisterSet.TryParseName(name[..^1], out X64Register? numbered)
                ? (numbered.Value, narrow, 0)
                : null;
        }

        if (name[0] == 'e' && RegisterSet.TryParseName("r" + name[1..], out X64Register? half))
            return (half.Value, BuiltinTypes.Int, 0);

        if (name.Length == 2 && RegisterSet.TryParseName("r" + name, out X64Register? word) && word <= X64Register.Rsp)
            return (word.Value, BuiltinTypes.Short, 0);

        if (
            name.Length == 2
            && name[1] is 'l' or 'h'
            && name[0] is 'a' or 'b' or 'c' or 'd'
            && RegisterSet.TryParseName($"r{name[0]}x", out X64Register? byteOf)
        )
        {
            return (byteOf.Value, BuiltinTypes.SignedChar, name[1] == 'h' ? 8 : 0);
        }

        return
            name is "sil" or "dil" or "bpl" or "spl" && RegisterSet.TryParseName($"r{name[..2]}", out X64Register? low)
            ? (low.Value, BuiltinTypes.SignedChar, 0)
            : null;
    }
}
