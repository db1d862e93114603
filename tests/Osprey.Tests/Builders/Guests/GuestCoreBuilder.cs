using Osprey.Binary.Elf;
using Osprey.Target.Architectures;
using Osprey.Target.Backends.CoreFile;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Builders.Guests;

/// <summary>
/// Builds small cores as QEMU writes them: ELF with its unusual header, or kdump-compressed, flattened or not.
/// </summary>
internal sealed class GuestCoreBuilder
{
    private readonly List<(ulong Address, byte[] Bytes)> _blocks = [];
    private readonly List<RegisterSet> _cpus = [];
    private readonly List<ElfSegment> _extra = [];
    private byte[] _moreNotes = [];

    public ElfMachine Machine { get; init; } = ElfMachine.X64;

    public ElfType Type { get; init; } = ElfType.Core;

    public bool Is32Bit { get; init; }

    /// <summary>True to keep the count of program headers in section header 0.</summary>
    public bool CountInSection { get; init; }

    public bool QemuNotes { get; init; } = true;

    /// <summary>The value of p_vaddr.</summary>
    public Func<ulong, ulong> VirtualAddress { get; init; } = address => address;

    /// <summary>The value of p_paddr.</summary>
    public Func<ulong, ulong> PhysicalAddress { get; init; } = address => address;

    public GuestCoreBuilder AddBlock(ulong address, byte[] bytes)
    {
        _blocks.Add((address, bytes));
        return this;
    }

    public GuestCoreBuilder AddCpu(RegisterSet registers)
    {
        _cpus.Add(registers);
        return this;
    }

    /// <summary>Adds a program header as given.</summary>
    public GuestCoreBuilder AddSegment(ElfSegment segment)
    {
        _extra.Add(segment);
        return this;
    }

    public GuestCoreBuilder AddNote(string owner, uint type, byte[] content)
    {
        _moreNotes = [.. _moreNotes, .. ElfBuilder.Note(owner, type, content)];
        return this;
    }

    public byte[] BuildNotes()
    {
        var notes = new List<byte>();
        for (int i = 0; i < _cpus.Count; i++)
        {
            byte[] status = new byte[ProcessStatusNote.Size64];
            ProcessStatusNote.Write(status, i, _cpus[i]);
            notes.AddRange(ElfBuilder.Note("CORE", 1, status));
        }

        foreach (RegisterSet cpu in QemuNotes ? _cpus : [])
        {
            byte[] note = new byte[QemuCpuNote.Size];
            QemuCpuNote.Write(note, cpu);
            notes.AddRange(ElfBuilder.Note("QEMU", 0, note));
        }

        notes.AddRange(_moreNotes);
        return [.. notes];
    }

    public byte[] BuildElf()
    {
        byte[] notes = BuildNotes();
        int headers = Is32Bit ? 52 + 80 : 64 + 128;
        int entry = Is32Bit ? 32 : 56;
        int count = 1 + _blocks.Count + _extra.Count;
        int position = headers + (entry * count);
        var writer = new DwarfWriter();
        writer.Bytes([0x7f, (byte)'E', (byte)'L', (byte)'F', (byte)(Is32Bit ? 1 : 2), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.UInt16((ushort)Type).UInt16((ushort)Machine).UInt32(1);
        Word(0);
        Word((ulong)headers);
        Word(Is32Bit ? 52UL : 64);
        writer.UInt32(0).UInt16(8).UInt16((ushort)entry).UInt16(CountInSection ? (ushort)0xffff : (ushort)count);
        writer.UInt16((ushort)(Is32Bit ? 40 : 64)).UInt16(2).UInt16(1);

        // Section header 0, and QEMU's unusual second one.
        int section = writer.Length;
        writer.Bytes(new byte[headers - writer.Length]);
        writer.Patch(section + (Is32Bit ? 28 : 44), CountInSection ? (ulong)count : 0, 4);

        Segment(
            new ElfSegment(ElfSegmentType.Note, 0, (ulong)position, 0, 0, (ulong)notes.Length, (ulong)notes.Length, 0)
        );
        position += notes.Length;
        foreach ((ulong address, byte[] bytes) in _blocks)
        {
            ulong size = (ulong)bytes.Length;
            Segment(
                new ElfSegment(
                    ElfSegmentType.Load,
                    0,
                    (ulong)position,
                    VirtualAddress(address),
                    PhysicalAddress(address),
                    size,
                    size,
                    0
                )
            );
            position += bytes.Length;
        }

        foreach (ElfSegment segment in _extra)
            Segment(segment);

        writer.Bytes(notes);
        foreach ((_, byte[] bytes) in _blocks)
            writer.Bytes(bytes);

        return writer.ToArray();

        void Word(ulong value) => writer.Unsigned(value, Is32Bit ? 4 : 8);

        void Segment(ElfSegment segment)
        {
            writer.UInt32((uint)segment.Type);
            if (!Is32Bit)
                writer.UInt32(segment.Flags);

            foreach (
                ulong value in (ulong[])
                    [
                        segment.Offset,
                        segment.LinkAddress,
                        segment.PhysicalLinkAddress,
                        segment.FileSize,
                        segment.MemorySize,
                    ]
            )
                writer.Unsigned(Is32Bit ? (uint)value : value, Is32Bit ? 4 : 8);

            if (Is32Bit)
                writer.UInt32(segment.Flags);

            writer.Unsigned(segment.Alignment, Is32Bit ? 4 : 8);
        }
    }
}
