using System.Diagnostics;

namespace Osprey.Target.Architectures;

/// <summary>The values of a CPU's registers, or of a saved context's, as far as they are known.</summary>
public sealed class RegisterSet
{
    private readonly ulong[] _values;
    private ulong _known;

    /// <summary>Makes a set of which no register is known.</summary>
    /// <param name="architecture">The architecture whose registers these are.</param>
    public RegisterSet(Architecture architecture)
    {
        Architecture = architecture;
        _values = new ulong[architecture.Registers.Count];
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

    /// <summary>Gives a register a value.</summary>
    internal void Set(Register register, ulong value)
    {
        CheckOwner(register);
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
