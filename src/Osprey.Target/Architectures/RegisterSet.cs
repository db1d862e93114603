using System.Diagnostics;
using System.Numerics;

namespace Osprey.Target.Architectures;

/// <summary>The values of a CPU's registers, or of a saved context's, as far as they are known.</summary>
public sealed class RegisterSet
{
    /// <summary>
    /// The registers that there is room for at first: those that calls are about, of x86-64 up to rflags. Thousands of
    /// stacks have sets of no others, one for each frame.
    /// </summary>
    private const int FirstSize = 18;

    private ulong[] _values;
    private ulong _known;

    /// <summary>Makes a set of which no register is known.</summary>
    /// <param name="architecture">The architecture whose registers these are.</param>
    public RegisterSet(Architecture architecture)
    {
        Architecture = architecture;
        _values = new ulong[Math.Min(architecture.Registers.Count, FirstSize)];
    }

    private RegisterSet(RegisterSet other)
    {
        Architecture = other.Architecture;
        _values = other._values.AsSpan().ToArray();
        _known = other._known;
        Code = other.Code;
    }

    /// <summary>The architecture whose registers these are.</summary>
    public Architecture Architecture { get; }

    /// <summary>The program counter; null when it is not known.</summary>
    public ulong? ProgramCounter => this[Architecture.ProgramCounter];

    /// <summary>
    /// The linear address of the next instruction; null when the program counter is not known. In real mode that is
    /// not the program counter, which counts from the code segment's beginning.
    /// </summary>
    public ulong? CodeAddress => Architecture.LocateCode is { } locate ? locate(this) : ProgramCounter;

    /// <summary>The stack pointer; null when it is not known.</summary>
    public ulong? StackPointer => this[Architecture.StackPointer];

    /// <summary>The code segment; null when it is not known, or the processor has none.</summary>
    public CodeSegment? Code { get; internal set; }

    /// <summary>A register's value; null when it is not known.</summary>
    public ulong? this[Register register]
    {
        get => TryGet(register, out ulong value) ? value : null;
        set
        {
            if (value is ulong known)
                Set(register, known);
            else
                Forget(1UL << register.Index);
        }
    }

    /// <summary>Gets a register's value, if it is known.</summary>
    public bool TryGet(Register register, out ulong value)
    {
        CheckOwner(register);
        bool isKnown = (_known >> register.Index & 1) != 0;
        value = isKnown ? _values[register.Index] : 0;
        return isKnown;
    }

    /// <summary>Makes a copy that can be changed by itself.</summary>
    public RegisterSet Copy() => new(this);

    /// <summary>Makes registers unknown.</summary>
    /// <param name="mask">The registers, as bits by their index.</param>
    internal void Forget(ulong mask) => _known &= ~mask;

    /// <summary>Takes over the registers that are known elsewhere.</summary>
    /// <param name="other">A set of the same architecture.</param>
    /// <param name="mask">The registers, as bits by their index.</param>
    internal void Take(RegisterSet other, ulong mask)
    {
        for (mask &= other._known; mask != 0; mask &= mask - 1)
        {
            int index = BitOperations.TrailingZeroCount(mask);
            Set(Architecture.Registers[index], other._values[index]);
        }
    }

    /// <summary>Gives a register a value.</summary>
    internal void Set(Register register, ulong value)
    {
        CheckOwner(register);
        if (register.Index >= _values.Length)
            Array.Resize(ref _values, Architecture.Registers.Count);

        _values[register.Index] = value;
        _known |= 1UL << register.Index;
    }

    [Conditional("DEBUG")]
    private void CheckOwner(Register register) =>
        Debug.Assert(
            register.Index < Architecture.Registers.Count && Architecture.Registers[register.Index] == register,
            $"{register} is no register of {Architecture}"
        );
}
