namespace Osprey.Binary.Elf;

/// <summary>
/// The ELF header, with the counts that files with very many headers keep in section header 0 instead.
/// </summary>
internal readonly record struct ElfHeader(
    bool IsBigEndian,
    ElfType Type,
    ElfMachine Machine,
    ulong EntryPoint,
    ulong SegmentsOffset,
    uint SegmentCount,
    ulong SectionsOffset,
    uint SectionCount,
    uint NamesIndex
)
{
    public const int Size = 64;
    public const int SectionHeaderSize = 64;
    public const int SegmentHeaderSize = 56;

    private const byte Class32 = 1; // ELFCLASS32
    private const byte Class64 = 2; // ELFCLASS64
    private const byte BigEndian = 2; // ELFDATA2MSB
    private const uint CountElsewhere = 0xffff; // PN_XNUM, SHN_XINDEX

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="BadDataException">The file is not a 64-bit ELF file, or its header is malformed.</exception>
    public static ElfHeader Read(ByteSource source)
    {
        Span<byte> bytes = stackalloc byte[Size];
        int count = source.Read(0, bytes);
        if (count < 4 || !bytes.StartsWith("\x7f"u8) || !bytes[1..4].SequenceEqual("ELF"u8))
            throw new BadDataException(source.Name, 0, "not an ELF file");

        if (count < Size)
            throw new BadDataException(source.Name, 0, $"expected {Size} bytes, have {count}");

        if (bytes[4] != Class64)
        {
            string found = bytes[4] == Class32 ? "a 32-bit ELF file" : $"ELF class {bytes[4]}";
            throw new BadDataException(source.Name, 4, $"{found}; only 64-bit files are read");
        }

        if (bytes[5] is not (1 or BigEndian))
            throw new BadDataException(
                source.Name,
                5,
                $"byte order {bytes[5]}; expected 1 (little endian) or 2 (big endian)"
            );

        bool bigEndian = bytes[5] == BigEndian;
        var reader = new ByteReader(bytes, source.Name, 0, bigEndian);
        reader.Seek(16);
        var type = (ElfType)reader.ReadUInt16();
        var machine = (ElfMachine)reader.ReadUInt16();
        reader.Skip(4);
        ulong entryPoint = reader.ReadUInt64();
        ulong segmentsOffset = reader.ReadUInt64();
        ulong sectionsOffset = reader.ReadUInt64();
        reader.Skip(6);
        ushort segmentHeaderSize = reader.ReadUInt16();
        uint segmentCount = reader.ReadUInt16();
        ushort sectionHeaderSize = reader.ReadUInt16();
        uint sectionCount = reader.ReadUInt16();
        uint namesIndex = reader.ReadUInt16();
        if (segmentCount != 0 && segmentHeaderSize != SegmentHeaderSize)
            throw new BadDataException(
                source.Name,
                54,
                $"program headers of {segmentHeaderSize} bytes; expected {SegmentHeaderSize}"
            );

        if (sectionsOffset != 0 && sectionHeaderSize != SectionHeaderSize)
            throw new BadDataException(
                source.Name,
                58,
                $"section headers of {sectionHeaderSize} bytes; expected {SectionHeaderSize}"
            );

        if (sectionsOffset == 0)
            sectionCount = 0;
        else if (sectionCount == 0 || segmentCount == CountElsewhere || namesIndex == CountElsewhere)
            ReadLargeCounts(source, sectionsOffset, bigEndian, ref sectionCount, ref segmentCount, ref namesIndex);

        return new ElfHeader(
            bigEndian,
            type,
            machine,
            entryPoint,
            segmentsOffset,
            segmentCount,
            sectionsOffset,
            sectionCount,
            namesIndex
        );
    }

    private static void ReadLargeCounts(
        ByteSource source,
        ulong offset,
        bool bigEndian,
        ref uint sectionCount,
        ref uint segmentCount,
        ref uint namesIndex
    )
    {
        Span<byte> bytes = stackalloc byte[SectionHeaderSize];
        if (offset > long.MaxValue || source.Read((long)offset, bytes) < SectionHeaderSize)
            throw new BadDataException(source.Name, 40, $"section headers at 0x{offset:x}, outside of the file");

        var reader = new ByteReader(bytes, source.Name, (long)offset, bigEndian);
        reader.Skip(32);
        ulong size = reader.ReadUInt64();
        uint link = reader.ReadUInt32();
        uint info = reader.ReadUInt32();
        if (sectionCount == 0)
            sectionCount = (uint)Math.Min(size, uint.MaxValue);

        if (namesIndex == CountElsewhere)
            namesIndex = link;

        if (segmentCount == CountElsewhere)
            segmentCount = info;
    }
}
