using Osprey.Binary.Elf;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding.Instructions;

namespace Osprey.Target.Architectures;

// Everything above the backends asks this record what a processor is like, so that another processor is an addition:
// a file that makes such a record, a line in KnownArchitectures, and page tables of its own (IAddressTranslator).
//
// A RegisterSet has a slot for each register in the order of Registers, and one bit that says whether it is known.
// That is why an architecture has at most 64: vector registers, which nobody above asks for, are left out.

/// <summary>A processor architecture: its registers and their roles, its byte order and its sizes.</summary>
public sealed record Architecture
{
    /// <summary>Most registers that one may have.</summary>
    public const int MaxRegisters = 64;

    private readonly Register?[] _byDwarfNumber;
    private readonly Dictionary<string, Register> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="name">Its name in messages, such as "x86-64".</param>
    /// <param name="registers">
    /// Its registers, each at its index. The first must have a name that no other architecture's register has.
    /// </param>
    public Architecture(string name, IReadOnlyList<Register> registers)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(registers.Count, MaxRegisters);
        Name = name;
        Registers = registers;
        _byDwarfNumber = new Register?[registers.Max(register => register.DwarfNumber ?? 0) + 1];
        for (int i = 0; i < registers.Count; i++)
        {
            Register register = registers[i];
            if (register.Index != i)
                throw new ArgumentException($"{register} has index {register.Index} at place {i}", nameof(registers));

            if (register.DwarfNumber is int number)
                _byDwarfNumber[number] = register;

            foreach (string known in (IEnumerable<string>)[register.Name, .. register.OtherNames])
                _byName.Add(known, register);

            if (register.Preservation == RegisterPreservation.Clobbered)
                ClobberedMask |= 1UL << i;
            else if (register.Preservation == RegisterPreservation.Preserved)
                PreservedMask |= 1UL << i;
            else if (register.Preservation == RegisterPreservation.Unaffected)
                UnaffectedMask |= 1UL << i;
        }
    }

    /// <summary>Its name in messages, such as "x86-64".</summary>
    public string Name { get; }

    /// <summary>Its registers, each at its index.</summary>
    public IReadOnlyList<Register> Registers { get; }

    /// <summary>The register that holds the address of the next instruction.</summary>
    public required Register ProgramCounter { get; init; }

    /// <summary>The register that holds the address of the top of the stack.</summary>
    public required Register StackPointer { get; init; }

    /// <summary>The register that chains frames by convention; null when there is none.</summary>
    public Register? FramePointer { get; init; }

    /// <summary>The register that a call puts the return address into; null when it goes onto the stack.</summary>
    public Register? ReturnAddress { get; init; }

    /// <summary>The register that leads to a thread's own data in user programs; null when there is none.</summary>
    public Register? ThreadPointer { get; init; }

    /// <summary>
    /// Gives the address of the next instruction where the program counter is only an offset in a segment; null when
    /// it always is the address.
    /// </summary>
    internal Func<RegisterSet, ulong?>? LocateCode { get; init; }

    /// <summary>The names of parts of registers, in lower case.</summary>
    public IReadOnlyDictionary<string, RegisterPart> Parts { get; init; } = new Dictionary<string, RegisterPart>();

    /// <summary>The size of an address in bytes: 4 or 8.</summary>
    public int PointerSize { get; init; } = sizeof(ulong);

    /// <summary>Tells whether the most significant byte of a number comes first.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>The size of the smallest page in bytes.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>The number of low bits of an address that count: those above repeat the highest of them.</summary>
    public int AddressBits { get; init; } = 64;

    /// <summary>The kinds of ELF files that are of this architecture.</summary>
    public IReadOnlyList<ElfMachine> Machines { get; init; } = [];

    /// <summary>The names that gdb has for it, such as "i386:x86-64".</summary>
    internal IReadOnlyList<string> GdbNames { get; init; } = [];

    /// <summary>The kind of a breakpoint in packets of the GDB Remote Serial Protocol: mostly its size.</summary>
    internal int BreakpointKind { get; init; } = 1;

    /// <summary>Its call instructions; null when they are not known: return addresses are then not checked.</summary>
    internal ICallInstructions? Calls { get; init; }

    /// <summary>Its simplest instructions; null when they are not known: vCPUs are then always stepped.</summary>
    internal ISimpleInstructions? SimpleInstructions { get; init; }

    /// <summary>
    /// Makes what finds the callers of frames that have neither call frame information nor a frame pointer; null when
    /// nothing is known to do so.
    /// </summary>
    internal Func<CodeReader, FrameRecognizer>? CreateRecognizer { get; init; }

    /// <summary>The registers that a call may change, as bits by their index.</summary>
    internal ulong ClobberedMask { get; }

    /// <summary>The registers that a function puts back, as bits by their index.</summary>
    internal ulong PreservedMask { get; }

    /// <summary>The registers that calls have nothing to do with, as bits by their index.</summary>
    internal ulong UnaffectedMask { get; }

    /// <summary>Finds a register by one of its names, in either case; null when there is none.</summary>
    public Register? FindRegister(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Finds the register that DWARF gives a number; null when it is not known here.</summary>
    public Register? FindDwarfRegister(int number) =>
        number >= 0 && number < _byDwarfNumber.Length ? _byDwarfNumber[number] : null;

    /// <summary>Tells whether an address exists: whether the bits above those that count repeat the highest.</summary>
    public bool IsCanonical(ulong address)
    {
        int unused = 64 - AddressBits;
        return unchecked((ulong)((long)(address << unused) >> unused)) == address;
    }

    /// <summary>Reads an address that lies in memory; false when it can't be read.</summary>
    public bool TryReadPointer(IMemoryReader memory, ulong address, out ulong value)
    {
        if (PointerSize == sizeof(ulong) && !IsBigEndian)
            return memory.TryReadUInt64(address, out value);

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes = bytes[..PointerSize];
        bool isRead = memory.TryRead(address, bytes);
        value = isRead ? ReadNumber(bytes) : 0;
        return isRead;
    }

    /// <summary>Reads a number of at most 8 bytes in this byte order.</summary>
    internal ulong ReadNumber(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++)
            value = (value << 8) | bytes[IsBigEndian ? i : bytes.Length - 1 - i];

        return value;
    }

    /// <inheritdoc/>
    public bool Equals(Architecture? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
