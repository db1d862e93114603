using Osprey.Session.Guests;
using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Architectures;
using Osprey.Values;
using Osprey.Values.Frames;
using Osprey.Values.Printing;

namespace Osprey.Debug.Calls;

// Arguments are read at a function's first instruction. Debug info says where a variable is while the function runs,
// which for code that was not optimised is only true after its first instructions. So the types come from debug info
// (or from the kernel's BTF), and the places from the calling convention: the first six integers and pointers are in
// registers. Where a type is of another kind (a struct by value, a fraction), or the compiler changed the convention (a
// clone such as f.isra.0), debug info's own place is the better answer. Without any type the registers are shown.

/// <summary>The parameters and the result of a function, and the way to read them at its first instruction.</summary>
internal sealed class CallSignature
{
    private static readonly string[] s_registers = ["rdi", "rsi", "rdx", "rcx", "r8", "r9"];
    private static readonly ValueTextOptions s_text = ValueTextOptions.Default with { MaxDepth = 1, MaxElements = 64 };

    private readonly FunctionType? _type;
    private readonly bool _isClone;

    private CallSignature(FunctionType? type, bool isClone) => (_type, _isClone) = (type, isClone);

    /// <summary>True when the function's type is known.</summary>
    public bool IsKnown => _type is not null;

    /// <summary>The number of values that arguments are kept as.</summary>
    public int Count => _type is null ? s_registers.Length : Math.Min(_type.Parameters.Count, s_registers.Length);

    /// <summary>True when the function has a result, as far as is known.</summary>
    public bool HasResult => _type is null || _type.Result is not null;

    /// <summary>Finds the signature of the function at a place.</summary>
    public static CallSignature Find(GuestSession guest, CodePlace place)
    {
        if (place.Name is not { } name)
            return new CallSignature(null, false);

        int dot = name.IndexOf('.', StringComparison.Ordinal);
        bool isClone = dot > 0 && !name.Contains('(', StringComparison.Ordinal);
        string plain = isClone ? name[..dot] : name;
        int offset = plain.IndexOf('+', StringComparison.Ordinal);
        IEnumerable<ValueModule> modules = guest.Vcpu.Values.Modules;
        ValueModule? own = modules.FirstOrDefault(one => place.Address >= one.Start && place.Address < one.End);
        DebugTypeSearch search = new(plain, offset > 0);
        FunctionType? type =
            search.Find(own)
            ?? modules.Where(one => one.End == 0).Select(search.Find).FirstOrDefault(one => one is not null);
        return new CallSignature(type, isClone);
    }

    /// <summary>Reads the arguments at the first instruction.</summary>
    public IReadOnlyList<CallArgument> ReadArguments(GuestThread context, RegisterSet registers)
    {
        ValueSpace values = context.Values;
        if (_type is null)
            return
            [
                .. s_registers.Select(name => new CallArgument(name, Hex(Get(registers, name)), Get(registers, name))),
            ];

        FrameScope? frame = context.ReadInnermostFrame().Scope as FrameScope;
        (string Name, Value Value)[] named = frame is null
            ? []
            : [.. frame.Variables.Where(one => one.Variable.IsParameter).Select(one => (one.Variable.Name, one.Value))];
        var found = new List<CallArgument>();
        bool isByRegister = !_isClone;
        for (int i = 0; i < _type.Parameters.Count && i < 64; i++)
        {
            DebugType? type = _type.Parameters[i];
            string name = i < named.Length ? named[i].Name : $"arg{i}";
            isByRegister &= i < s_registers.Length && type is not null && IsWord(values, type);
            if (isByRegister && Get(registers, s_registers[i]) is ulong bits)
                found.Add(new CallArgument(name, Format(values.FromInteger(type!, bits)), bits));
            else if (i < named.Length)
                found.Add(new CallArgument(name, Format(named[i].Value), ToBits(named[i].Value)));
            else
                found.Add(new CallArgument(name, "?", null));
        }

        return found;
    }

    /// <summary>Reads the result where a call has returned; null for a function without one.</summary>
    public CallArgument? ReadResult(GuestThread context, RegisterSet registers)
    {
        if (!HasResult || Get(registers, "rax") is not ulong bits)
            return null;

        if (_type?.Result is not { } type)
            return new CallArgument("rax", Hex(bits), bits);

        return IsWord(context.Values, type)
            ? new CallArgument("result", Format(context.Values.FromInteger(type, bits)), bits)
            : new CallArgument("result", "?", null);
    }

    private static string Format(Value value) => ValueText.FormatInner(value, s_text);

    private static string Hex(ulong? bits) => bits is ulong known ? $"0x{known:x}" : "?";

    private static ulong? ToBits(Value value) =>
        value.TryGetInt64(out long bits) ? unchecked((ulong)bits) : value.AsPointer();

    private static ulong? Get(RegisterSet registers, string name) =>
        registers.Architecture.FindRegister(name) is { } register ? registers[register] : null;

    /// <summary>True for what is passed in one general register.</summary>
    private static bool IsWord(ValueSpace values, DebugType type) =>
        values.Resolve(type) switch
        {
            PointerType => true,
            EnumType => true,
            BaseType { Size: > 0 and <= 8 } basic => basic.Encoding
                is BaseEncoding.Signed
                    or BaseEncoding.Unsigned
                    or BaseEncoding.Boolean
                    or BaseEncoding.SignedChar
                    or BaseEncoding.UnsignedChar,
            _ => false,
        };

    private sealed record DebugTypeSearch(string Name, bool IsInside)
    {
        public FunctionType? Find(ValueModule? module) => IsInside ? null : module?.Types.FindFunction(Name)?.Type;
    }
}
