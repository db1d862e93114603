using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Osprey.Binary.Elf;
using Osprey.Target.Architectures;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>The parts of an ELF core that are not memory.</summary>
internal static class CoreLayout
{
    /// <summary>Size of the ELF header in bytes; the program headers follow.</summary>
    public const int HeaderSize = 64;

    private const int SegmentSize = 56;
    private const int SectionSize = 64;
    private const uint CountElsewhere = 0xffff; // PN_XNUM

    /// <summary>
    /// The notes of all CPUs, in QEMU's order: first every NT_PRSTATUS, then every note of its own; the kernel's
    /// VMCOREINFO where there is one, and ours behind them.
    /// </summary>
    public static byte[] BuildNotes(
        List<RegisterSet> cpus,
        ReadOnlySpan<byte> vmcoreInfo,
        IReadOnlyList<CoreProgram> programs
    )
    {
        var notes = new MemoryStream();
        for (int i = 0; i < cpus.Count; i++)
            ProcessStatusNote.Write(AddNote(notes, "CORE", 1, ProcessStatusNote.Size64), i, cpus[i]);

        foreach (RegisterSet cpu in cpus)
            QemuCpuNote.Write(AddNote(notes, "QEMU", 0, QemuCpuNote.Size), cpu);

        if (!vmcoreInfo.IsEmpty)
            vmcoreInfo.CopyTo(AddNote(notes, "VMCOREINFO", 0, vmcoreInfo.Length));

        foreach (RegisterSet cpu in cpus)
            OspreyCpuNote.Write(AddNote(notes, "OSPREY", OspreyCpuNote.Type, OspreyCpuNote.Size), cpu);

        if (programs.Count > 0)
        {
            byte[] content = CoreProgramsNote.Build(programs);
            content.CopyTo(AddNote(notes, "OSPREY", CoreProgramsNote.Type, content.Length));
        }

        return notes.ToArray();
    }

    /// <summary>The size in bytes of what a number of segments needs between the header and the notes.</summary>
    public static long GetTableSize(int segments) => ((segments + 1L) * SegmentSize) + SectionSize;

    /// <summary>Writes the header, the program headers at <paramref name="table"/>, and the notes.</summary>
    public static void WriteHeaders(
        SafeFileHandle file,
        List<CoreSegment> ranges,
        byte[] notes,
        long notesOffset,
        long table
    )
    {
        int count = ranges.Count + 1;
        byte[] segments = new byte[count * SegmentSize];
        WriteSegment(segments, ElfSegmentType.Note, 0, new CoreSegment(0, 0, (ulong)notes.Length, notesOffset));
        for (int i = 0; i < ranges.Count; i++)
            WriteSegment(segments.AsSpan((i + 1) * SegmentSize), ElfSegmentType.Load, 7, ranges[i]);

        RandomAccess.Write(file, segments, table);
        bool isLarge = count >= CountElsewhere;
        if (isLarge)
        {
            byte[] section = new byte[SectionSize];
            BinaryPrimitives.WriteUInt32LittleEndian(section.AsSpan(44), (uint)count); // sh_info
            RandomAccess.Write(file, section, table + segments.Length);
        }

        byte[] header = new byte[HeaderSize];
        byte[] start = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        start.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(16), (ushort)ElfType.Core);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), (ushort)ElfMachine.X64);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), table);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(40), isLarge ? table + segments.Length : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(52), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(54), SegmentSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(56), (ushort)Math.Min((uint)count, CountElsewhere));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(58), SectionSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(60), (ushort)(isLarge ? 1 : 0));
        RandomAccess.Write(file, header, 0);
        RandomAccess.Write(file, notes, notesOffset);
    }

    private static Span<byte> AddNote(MemoryStream notes, string owner, uint type, int size)
    {
        int ownerSize = owner.Length + 1;
        int start = (int)notes.Length;
        int content = start + 12 + ((ownerSize + 3) & ~3);
        notes.SetLength(content + ((size + 3) & ~3));
        Span<byte> bytes = notes.GetBuffer().AsSpan(start);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, ownerSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], size);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], type);
        System.Text.Encoding.ASCII.GetBytes(owner, bytes[12..]);
        return notes.GetBuffer().AsSpan(content, size);
    }

    private static void WriteSegment(Span<byte> to, ElfSegmentType type, uint flags, CoreSegment segment)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)type);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], flags);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], segment.Offset);
        BinaryPrimitives.WriteUInt64LittleEndian(to[16..], segment.Virtual);
        BinaryPrimitives.WriteUInt64LittleEndian(to[24..], segment.Physical);
        BinaryPrimitives.WriteUInt64LittleEndian(to[32..], segment.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(to[40..], segment.Size);
    }
}
