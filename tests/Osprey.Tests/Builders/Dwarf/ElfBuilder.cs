using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;

namespace Osprey.Tests.Builders.Dwarf;

/// <summary>Writes small 64-bit ELF files, with correct or wrong content, as a test gives it.</summary>
internal sealed class ElfBuilder
{
    private readonly List<Section> _sections = [];
    private readonly List<ElfSegment> _segments = [];
    private readonly List<(string Name, ulong Address, ulong Size, byte Info, ushort Section)> _symbols = [];

    public ElfType Type { get; init; } = ElfType.Executable;

    public ElfMachine Machine { get; init; } = ElfMachine.X64;

    public bool IsBigEndian { get; init; }

    public static byte[] Note(string owner, uint type, byte[] content)
    {
        var bytes = new DwarfWriter();
        bytes.UInt32((uint)owner.Length + 1).UInt32((uint)content.Length).UInt32(type).Text(owner);
        bytes.Align(4).Bytes(content).Align(4);
        return bytes.ToArray();
    }

    public static byte[] DebugLink(string name, uint checksum) =>
        new DwarfWriter().Text(name).Align(4).UInt32(checksum).ToArray();

    /// <summary>Adds a section, and returns its index.</summary>
    public ushort AddSection(
        string name,
        byte[] content,
        ElfSectionType type = ElfSectionType.ProgramBits,
        ElfSectionFlags flags = ElfSectionFlags.None,
        ulong address = 0,
        uint link = 0,
        ulong entrySize = 0,
        uint info = 0
    )
    {
        _sections.Add(new Section(name, content, type, flags, address, link, entrySize) { Info = info });
        return (ushort)_sections.Count;
    }

    /// <summary>Adds code, and the segment that loads it.</summary>
    public ushort AddText(ulong address, byte[] content)
    {
        ushort number = AddSection(
            ".text",
            content,
            flags: ElfSectionFlags.Allocated | ElfSectionFlags.Executable,
            address: address
        );
        _segments.Add(
            new ElfSegment(ElfSegmentType.Load, 5, 0, address, address, (ulong)content.Length, (ulong)content.Length, 1)
        );
        return number;
    }

    /// <summary>Adds a program header as given.</summary>
    public ElfBuilder AddSegment(ElfSegment segment)
    {
        _segments.Add(segment);
        return this;
    }

    public ElfBuilder AddBuildId(params byte[] id)
    {
        AddSection(
            ".note.gnu.build-id",
            Note("GNU", ElfNote.BuildIdType, id),
            ElfSectionType.Note,
            ElfSectionFlags.Allocated
        );
        return this;
    }

    public ElfBuilder AddDebugSections(IReadOnlyDictionary<string, byte[]> sections)
    {
        foreach ((string name, byte[] content) in sections)
            AddSection(name, content);

        return this;
    }

    public ElfBuilder AddSymbol(
        string name,
        ulong address,
        ulong size,
        ElfSymbolType type = ElfSymbolType.Function,
        ElfSymbolBinding binding = ElfSymbolBinding.Global,
        ushort section = 1
    )
    {
        _symbols.Add((name, address, size, (byte)(((int)binding << 4) | (int)type), section));
        return this;
    }

    public MemoryByteSource BuildSource(string name = "test.elf") => new(name, Build());

    public ElfImage BuildImage(string name = "test.elf") => ElfImage.Parse(BuildSource(name));

    public byte[] Build()
    {
        var sections = new List<Section>(_sections);
        if (_symbols.Count > 0)
            AddSymbolSections(sections);

        byte[] names = BuildNames(sections, out uint[] nameOffsets);
        int headersOffset = 64;
        int segmentsEnd = headersOffset + (_segments.Count * 56);
        var offsets = new List<int>();
        int position = segmentsEnd;
        foreach (Section section in sections)
        {
            offsets.Add(position);
            position += section.Content.Length;
        }

        int table = (position + 7) & ~7;
        byte[] file = new byte[table + ((sections.Count + 1) * 64)];
        WriteHeader(file, table, sections.Count + 1);
        for (int i = 0; i < _segments.Count; i++)
            WriteSegment(file.AsSpan(headersOffset + (i * 56)), _segments[i], sections, offsets);

        for (int i = 0; i < sections.Count; i++)
        {
            sections[i].Content.CopyTo(file.AsSpan(offsets[i]));
            WriteSection(file.AsSpan(table + ((i + 1) * 64)), sections[i], nameOffsets[i], offsets[i]);
        }

        names.CopyTo(file.AsSpan(offsets[^1]));
        return file;
    }

    private static byte[] BuildNames(List<Section> sections, out uint[] offsets)
    {
        offsets = new uint[sections.Count + 1];
        var names = new DwarfWriter().Byte(0);
        for (int i = 0; i < sections.Count; i++)
        {
            offsets[i] = (uint)names.Length;
            names.Text(sections[i].Name);
        }

        offsets[^1] = (uint)names.Length;
        names.Text(".shstrtab");
        sections.Add(
            new Section(".shstrtab", names.ToArray(), ElfSectionType.StringTable, ElfSectionFlags.None, 0, 0, 0)
        );
        return names.ToArray();
    }

    private void AddSymbolSections(List<Section> sections)
    {
        var strings = new DwarfWriter().Byte(0);
        var entries = new DwarfWriter { IsBigEndian = IsBigEndian };
        entries.Bytes(new byte[24]);
        foreach ((string name, ulong address, ulong size, byte info, ushort section) in _symbols)
        {
            entries.UInt32((uint)strings.Length).Byte(info).Byte(0).UInt16(section).UInt64(address).UInt64(size);
            strings.Text(name);
        }

        uint link = (uint)sections.Count + 2;
        sections.Add(
            new Section(".symtab", entries.ToArray(), ElfSectionType.SymbolTable, ElfSectionFlags.None, 0, link, 24)
        );
        sections.Add(
            new Section(".strtab", strings.ToArray(), ElfSectionType.StringTable, ElfSectionFlags.None, 0, 0, 0)
        );
    }

    private void WriteHeader(byte[] file, int sectionTable, int sectionCount)
    {
        var header = new DwarfWriter { IsBigEndian = IsBigEndian };
        header.Bytes([
            0x7f,
            (byte)'E',
            (byte)'L',
            (byte)'F',
            2,
            (byte)(IsBigEndian ? 2 : 1),
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ]);
        header.UInt16((ushort)Type).UInt16((ushort)Machine).UInt32(1).UInt64(0);
        header.UInt64(64).UInt64((ulong)sectionTable).UInt32(0);
        header.UInt16(64).UInt16(56).UInt16((ushort)_segments.Count);
        header.UInt16(64).UInt16((ushort)sectionCount).UInt16((ushort)(sectionCount - 1));
        header.ToArray().CopyTo(file, 0);
    }

    private void WriteSegment(Span<byte> to, in ElfSegment segment, List<Section> sections, List<int> offsets)
    {
        ElfSegment wanted = segment;
        int index = sections.FindIndex(section => section.Address == wanted.LinkAddress && section.Address != 0);
        var bytes = new DwarfWriter { IsBigEndian = IsBigEndian };
        bytes.UInt32((uint)segment.Type).UInt32(segment.Flags).UInt64(index < 0 ? 0 : (ulong)offsets[index]);
        bytes.UInt64(segment.LinkAddress).UInt64(segment.PhysicalLinkAddress);
        bytes.UInt64(segment.FileSize).UInt64(segment.MemorySize).UInt64(segment.Alignment);
        bytes.ToArray().CopyTo(to);
    }

    private void WriteSection(Span<byte> to, Section section, uint name, int offset)
    {
        var bytes = new DwarfWriter { IsBigEndian = IsBigEndian };
        bytes.UInt32(name).UInt32((uint)section.Type).UInt64((ulong)section.Flags).UInt64(section.Address);
        bytes.UInt64((ulong)offset).UInt64((ulong)section.Content.Length).UInt32(section.Link).UInt32(section.Info);
        bytes.UInt64(1).UInt64(section.EntrySize);
        bytes.ToArray().CopyTo(to);
    }

    private sealed record Section(
        string Name,
        byte[] Content,
        ElfSectionType Type,
        ElfSectionFlags Flags,
        ulong Address,
        uint Link,
        ulong EntrySize
    )
    {
        public uint Info { get; init; }
    }
}
