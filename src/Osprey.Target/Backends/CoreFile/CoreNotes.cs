using System.Buffers.Binary;
using Osprey.Binary.Elf;
using Osprey.Target.Architectures;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>The notes of a core: what registers each CPU had.</summary>
internal sealed class CoreNotes
{
    private const uint ProcessStatus = 1; // NT_PRSTATUS
    private const uint Auxiliary = 6; // NT_AUXV
    private const uint MappedFiles = 0x46494c45; // NT_FILE
    private const int HeaderSize = 12;
    private const int MaxCpus = 1 << 16;

    private readonly List<RegisterSet> _fromStatus = [];
    private readonly List<RegisterSet> _fromQemu = [];
    private readonly List<RegisterSet> _fromOsprey = [];
    private bool _is32Bit;

    /// <summary>Tells whether it has what only cores of user processes have.</summary>
    public bool IsOfProcess { get; private set; }

    /// <summary>Tells whether the notes end within one.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>
    /// The CPUs' registers by the notes that say most; QEMU and Linux write both kinds in the CPUs' order.
    /// </summary>
    public IReadOnlyList<RegisterSet> Cpus =>
        _fromOsprey.Count > 0 && _fromOsprey.Count >= _fromQemu.Count ? _fromOsprey
        : _fromQemu.Count > 0 ? _fromQemu
        : _fromStatus;

    /// <summary>The guest's programs, as <c>osprey dump</c> recorded them.</summary>
    public IReadOnlyList<CoreProgram> Programs { get; private set; } = [];

    /// <summary>
    /// The machine that a run of notes must be of, by their sizes: each has a form of its own for the registers.
    /// </summary>
    /// <returns><see cref="ElfMachine.None"/> when the forms are of no machine that is known here.</returns>
    public static ElfMachine FindMachine(ReadOnlySpan<byte> notes)
    {
        while (TryTake(ref notes, out ReadOnlySpan<byte> owner, out uint type, out ReadOnlySpan<byte> content))
        {
            bool isOfX86 =
                (owner.SequenceEqual("QEMU"u8) && type == 0 && QemuCpuNote.IsOne(content))
                || (
                    owner.SequenceEqual("CORE"u8) && type == ProcessStatus && content.Length == ProcessStatusNote.Size64
                );
            if (isOfX86)
                return ElfMachine.X64;
        }

        return ElfMachine.None;
    }

    /// <summary>Adds what a run of notes holds.</summary>
    /// <param name="notes">Their bytes.</param>
    /// <param name="machine">The machine that the core says it is of.</param>
    public void Add(ReadOnlySpan<byte> notes, ElfMachine machine)
    {
        while (TryTake(ref notes, out ReadOnlySpan<byte> owner, out uint type, out ReadOnlySpan<byte> content))
            AddOne(owner, type, content, machine);

        IsCutShort |= notes.Length >= HeaderSize;
    }

    /// <summary>Splits off the first note; false when there is none, or not the whole of it.</summary>
    private static bool TryTake(
        ref ReadOnlySpan<byte> notes,
        out ReadOnlySpan<byte> owner,
        out uint type,
        out ReadOnlySpan<byte> content
    )
    {
        owner = default;
        content = default;
        type = 0;
        if (notes.Length < HeaderSize)
            return false;

        uint ownerSize = BinaryPrimitives.ReadUInt32LittleEndian(notes);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(notes[4..]);
        ulong start = HeaderSize + (((ulong)ownerSize + 3) & ~3UL);
        ulong end = start + size;
        if (end > (ulong)notes.Length)
            return false;

        type = BinaryPrimitives.ReadUInt32LittleEndian(notes[8..]);
        owner = notes.Slice(HeaderSize, (int)ownerSize).TrimEnd((byte)0);
        content = notes[(int)start..(int)end];
        notes = notes[(int)Math.Min((end + 3) & ~3UL, (ulong)notes.Length)..];
        return true;
    }

    private void AddOne(ReadOnlySpan<byte> owner, uint type, ReadOnlySpan<byte> content, ElfMachine machine)
    {
        if (owner.SequenceEqual("CORE"u8))
        {
            IsOfProcess |= type is Auxiliary or MappedFiles;

            // In kdump files QEMU names the machine x86_64 in any mode; the form of its notes is that of the mode.
            _is32Bit |= type == ProcessStatus && content.Length == ProcessStatusNote.Size32;
            if (type == ProcessStatus && _fromStatus.Count < MaxCpus)
                _fromStatus.Add(ProcessStatusNote.Read(content, machine));
        }
        else if (owner.SequenceEqual("QEMU"u8) && type == 0 && _fromQemu.Count < MaxCpus)
        {
            if (QemuCpuNote.TryRead(content, _is32Bit ? ElfMachine.I386 : machine, out RegisterSet? registers))
                _fromQemu.Add(registers);
        }
        else if (owner.SequenceEqual("OSPREY"u8) && type == CoreProgramsNote.Type)
        {
            Programs = CoreProgramsNote.Read(content);
        }
        else if (owner.SequenceEqual("OSPREY"u8) && type == OspreyCpuNote.Type && _fromOsprey.Count < _fromQemu.Count)
        {
            if (OspreyCpuNote.TryRead(content, _fromQemu[_fromOsprey.Count], out RegisterSet? registers))
                _fromOsprey.Add(registers);
        }
    }
}
