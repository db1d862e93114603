using Osprey.Binary;

namespace Osprey.Probes.Notes;

// ElfImage reads 64-bit files, since guests are. Probes are also in 32-bit programs, of which three sections and the
// program headers are all that counts here: so both widths are read by these few lines.

/// <summary>What the probes of an ELF file of either width need: its notes, where they lie, and its segments.</summary>
internal sealed class ProbeElf
{
    private const int MaxHeaders = 100_000;
    private const int MaxNoteSize = 256 << 20;

    private readonly ByteSource _source;
    private readonly List<Segment> _segments = [];

    private ProbeElf(ByteSource source) => _source = source;

    public bool Is64Bit { get; private set; }

    public bool IsBigEndian { get; private set; }

    public ProbeMachine Machine { get; private set; }

    /// <summary>Link-time address of the page of the first byte that is loaded; 0 when nothing is.</summary>
    public ulong LowestPage { get; private set; }

    /// <summary>Link-time address of <c>.stapsdt.base</c> in the file as it is now; null when there is none.</summary>
    public ulong? BaseLinkAddress { get; private set; }

    /// <summary>The bytes of <c>.note.stapsdt</c>; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Notes { get; private set; }

    /// <summary>Tells whether a file begins as ELF files do.</summary>
    public static bool IsElf(ByteSource source)
    {
        Span<byte> head = stackalloc byte[4];
        return source.Read(0, head) == head.Length && head.SequenceEqual("\u007fELF"u8);
    }

    /// <summary>Reads the headers of a file.</summary>
    /// <exception cref="BadDataException">It is not an ELF file, or its headers are malformed.</exception>
    public static ProbeElf Parse(ByteSource source)
    {
        var elf = new ProbeElf(source);
        byte[] head = new byte[64];
        int length = source.Read(0, head);
        if (length < 52 || !head.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
            throw new BadDataException(source.Name, 0, "this is not an ELF file");

        if (head[4] is not (1 or 2) || head[5] is not (1 or 2))
            throw new BadDataException(source.Name, 4, "an ELF file of unknown class or byte order");

        elf.Is64Bit = head[4] == 2;
        elf.IsBigEndian = head[5] == 2;
        if (elf.Is64Bit && length < 64)
            throw new BadDataException(source.Name, 0, $"an ELF header of {length} bytes, expected 64");

        var reader = new ByteReader(head.AsSpan(0, length), source.Name, 0, elf.IsBigEndian);
        reader.Skip(18);
        elf.Machine = reader.ReadUInt16() switch
        {
            3 => ProbeMachine.X86, // EM_386
            62 => ProbeMachine.X64, // EM_X86_64
            183 => ProbeMachine.Arm64, // EM_AARCH64
            _ => ProbeMachine.Unknown,
        };
        int width = elf.Is64Bit ? 8 : 4;
        reader.Skip(4UL + (ulong)width);
        ulong segments = reader.ReadUnsigned(width);
        ulong sections = reader.ReadUnsigned(width);
        reader.Skip(6);
        ushort segmentSize = reader.ReadUInt16();
        ushort segmentCount = reader.ReadUInt16();
        ushort sectionSize = reader.ReadUInt16();
        uint sectionCount = reader.ReadUInt16();
        uint names = reader.ReadUInt16();
        elf.ReadSegments(segments, segmentSize, segmentCount);
        if (sections != 0)
            elf.ReadSections(sections, sectionSize, sectionCount, names);

        return elf;
    }

    /// <summary>The offset in the file of a link-time address; null when no segment of the file holds it.</summary>
    public ulong? FindOffset(ulong linkAddress)
    {
        foreach (Segment segment in _segments)
        {
            if (linkAddress >= segment.LinkAddress && linkAddress - segment.LinkAddress < segment.FileSize)
                return unchecked(linkAddress - segment.LinkAddress + segment.Offset);
        }

        return null;
    }

    /// <summary>The link-time address that an offset in the file is loaded to; null when it is not loaded.</summary>
    public ulong? FindLinkAddress(ulong offset)
    {
        foreach (Segment segment in _segments)
        {
            // A mapping begins at the page of the segment's first byte.
            ulong start = segment.Offset & ~0xfffUL;
            ulong skipped = segment.Offset - start;
            if (offset >= start && offset - start < segment.FileSize + skipped && segment.LinkAddress >= skipped)
                return segment.LinkAddress - skipped + (offset - start);
        }

        return null;
    }

    /// <summary>Forgets the file's bytes, which need not stay open for the rest.</summary>
    public void Forget() => Notes = default;

    private void ReadSegments(ulong offset, ushort entrySize, ushort count)
    {
        int expected = Is64Bit ? 56 : 32;
        if (count == 0 || offset == 0)
            return;

        if (entrySize != expected)
            throw new BadDataException(
                _source.Name,
                0,
                $"program headers of {entrySize} bytes each, expected {expected}"
            );

        ReadOnlyMemory<byte> table = Slice(offset, (ulong)count * entrySize, "program headers");
        var reader = new ByteReader(table.Span, _source.Name, (long)offset, IsBigEndian);
        ulong lowest = ulong.MaxValue;
        for (int i = 0; i < count; i++)
        {
            uint type = reader.ReadUInt32();
            if (Is64Bit)
                reader.Skip(4);

            int width = Is64Bit ? 8 : 4;
            ulong fileOffset = reader.ReadUnsigned(width);
            ulong address = reader.ReadUnsigned(width);
            reader.Skip((ulong)width);
            ulong fileSize = reader.ReadUnsigned(width);
            ulong memorySize = reader.ReadUnsigned(width);
            reader.Skip(8);
            if (type != 1) // PT_LOAD
                continue;

            _segments.Add(new Segment(fileOffset, address, Math.Min(fileSize, (ulong)_source.Length)));
            if (memorySize != 0)
                lowest = Math.Min(lowest, address);
        }

        LowestPage = lowest == ulong.MaxValue ? 0 : lowest & ~0xfffUL;
    }

    private void ReadSections(ulong offset, ushort entrySize, uint count, uint names)
    {
        int expected = Is64Bit ? 64 : 40;
        if (entrySize != expected)
            throw new BadDataException(
                _source.Name,
                0,
                $"section headers of {entrySize} bytes each, expected {expected}"
            );

        Section first = ReadSection(Slice(offset, (ulong)expected, "section headers"), 0, offset);
        if (count == 0)
            count = (uint)Math.Min(first.Size, uint.MaxValue); // more than 65279: the first header has the number

        if (names == 0xffff)
            names = first.Link;

        if (count > MaxHeaders)
            throw new BadDataException(_source.Name, (long)offset, $"{count} sections, expected {MaxHeaders} at most");

        ReadOnlyMemory<byte> table = Slice(offset, (ulong)count * entrySize, "section headers");
        if (names >= count)
            return;

        Section nameSection = ReadSection(table, (int)names, offset);
        ReadOnlySpan<byte> texts = Slice(nameSection.Offset, nameSection.Size, "names of sections").Span;
        for (int i = 0; i < count; i++)
        {
            Section section = ReadSection(table, i, offset);
            if (section.Name >= (uint)texts.Length)
                continue;

            ReadOnlySpan<byte> name = texts[(int)section.Name..];
            if (name.StartsWith(".note.stapsdt\0"u8) && section.Type == 7) // SHT_NOTE
            {
                if (section.Size > MaxNoteSize)
                    throw new BadDataException(
                        _source.Name,
                        (long)Math.Min(section.Offset, long.MaxValue),
                        $".note.stapsdt has {section.Size} bytes, expected {MaxNoteSize} at most"
                    );

                Notes = Slice(section.Offset, section.Size, ".note.stapsdt");
            }
            else if (name.StartsWith(".stapsdt.base\0"u8))
            {
                BaseLinkAddress = section.LinkAddress;
            }
        }
    }

    private Section ReadSection(ReadOnlyMemory<byte> table, int index, ulong offset)
    {
        int size = Is64Bit ? 64 : 40;
        int width = Is64Bit ? 8 : 4;
        var reader = new ByteReader(
            table.Span.Slice(index * size, size),
            _source.Name,
            (long)offset + (index * size),
            IsBigEndian
        );
        uint name = reader.ReadUInt32();
        uint type = reader.ReadUInt32();
        reader.Skip((ulong)width);
        ulong address = reader.ReadUnsigned(width);
        ulong fileOffset = reader.ReadUnsigned(width);
        ulong sectionSize = reader.ReadUnsigned(width);
        return new Section(name, type, address, fileOffset, sectionSize, reader.ReadUInt32());
    }

    private ReadOnlyMemory<byte> Slice(ulong offset, ulong size, string what)
    {
        ulong length = (ulong)_source.Length;
        if (offset > length || size > length - offset || size > int.MaxValue)
            throw new BadDataException(
                _source.Name,
                (long)Math.Min(offset, long.MaxValue),
                $"the {what} lie outside of the file"
            );

        return _source.Slice((long)offset, (long)size);
    }

    private readonly record struct Segment(ulong Offset, ulong LinkAddress, ulong FileSize);

    private readonly record struct Section(
        uint Name,
        uint Type,
        ulong LinkAddress,
        ulong Offset,
        ulong Size,
        uint Link
    );
}
