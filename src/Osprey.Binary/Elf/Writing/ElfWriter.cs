using System.Buffers.Binary;
using System.Text;

namespace Osprey.Binary.Elf.Writing;

/// <summary>
/// Writes an ELF program for x86-64 of sections and symbols at fixed addresses, for tools that want names from a file.
/// It can't be run: it has no segments.
/// </summary>
public static class ElfWriter
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const ushort Absolute = 0xfff1; // SHN_ABS
    private const byte Global = 1 << 4; // STB_GLOBAL
    private const byte Function = 2; // STT_FUNC
    private const byte Data = 1; // STT_OBJECT

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Receives it; written from its position on, without seeking.</param>
    /// <param name="sections">The sections, at most some thousands; none may be named like a symbol table.</param>
    /// <param name="symbols">
    /// The symbols. Those in a section with code are functions, those in another data, all others absolute numbers.
    /// </param>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Write(
        Stream stream,
        IReadOnlyList<ElfOutputSection> sections,
        IEnumerable<ElfOutputSymbol> symbols
    )
    {
        var names = new MemoryStream();
        var table = new MemoryStream();
        names.WriteByte(0); // the name of what has none
        table.Write(new byte[SymbolSize]); // the symbol that stands for none
        foreach (ElfOutputSymbol symbol in symbols)
            table.Write(Encode(symbol, AddName(names, symbol.Name), sections));

        List<ElfOutputSection> all =
        [
            new("", ElfSectionType.Null, ElfSectionFlags.None, 0, 0),
            .. sections,
            ElfOutputSection.Of(".symtab", table.ToArray()) with
            {
                Type = ElfSectionType.SymbolTable,
            },
            ElfOutputSection.Of(".strtab", names.ToArray()) with
            {
                Type = ElfSectionType.StringTable,
            },
        ];
        var sectionNames = new MemoryStream();
        int[] nameOffsets = [.. all.Select(section => AddName(sectionNames, section.Name)), 0];
        nameOffsets[^1] = AddName(sectionNames, ".shstrtab");
        all.Add(ElfOutputSection.Of(".shstrtab", sectionNames.ToArray()) with { Type = ElfSectionType.StringTable });
        Write(stream, all, nameOffsets);
    }

    private static void Write(Stream stream, List<ElfOutputSection> sections, int[] names)
    {
        ulong[] offsets = new ulong[sections.Count];
        ulong end = HeaderSize + ((ulong)sections.Count * SectionHeaderSize);
        for (int i = 0; i < sections.Count; i++)
        {
            offsets[i] = end = Align(end);
            end += sections[i].Write is null ? 0 : sections[i].Size;
        }

        stream.Write(EncodeHeader(sections.Count));
        for (int i = 0; i < sections.Count; i++)
            stream.Write(EncodeSection(sections[i], names[i], offsets[i], sections.Count));

        ulong at = HeaderSize + ((ulong)sections.Count * SectionHeaderSize);
        for (int i = 0; i < sections.Count; i++)
        {
            if (sections[i].Write is not { } write)
                continue;

            stream.Write(new byte[offsets[i] - at]);
            write(stream);
            at = offsets[i] + sections[i].Size;
        }
    }

    private static byte[] EncodeHeader(int count)
    {
        byte[] header = new byte[HeaderSize];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(16), (ushort)ElfType.Executable);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), (ushort)ElfMachine.X64);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1); // the version
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(40), HeaderSize); // the section headers
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(52), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(58), SectionHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(60), (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(62), (ushort)(count - 1)); // the sections' names
        return header;
    }

    private static byte[] EncodeSection(ElfOutputSection section, int name, ulong offset, int count)
    {
        byte[] header = new byte[SectionHeaderSize];
        bool isSymbols = section.Type == ElfSectionType.SymbolTable;
        BinaryPrimitives.WriteInt32LittleEndian(header, name);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), (uint)section.Type);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), (ulong)section.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), section.Address);
        if (section.Type == ElfSectionType.Null)
            return header;

        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), section.Size);
        // Of the last three sections, the first has symbols and the second their names.
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), isSymbols ? (uint)(count - 2) : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(44), isSymbols ? 1U : 0); // the first global symbol
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(48), isSymbols ? 8UL : 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(56), isSymbols ? SymbolSize : 0UL);
        return header;
    }

    private static byte[] Encode(ElfOutputSymbol symbol, int name, IReadOnlyList<ElfOutputSection> sections)
    {
        int index = 0;
        while (index < sections.Count && !sections[index].Contains(symbol.Address))
            index++;

        bool isPlaced = index < sections.Count;
        byte[] bytes = new byte[SymbolSize];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, name);
        if (isPlaced)
            bytes[4] = sections[index].Flags.HasFlag(ElfSectionFlags.Executable) ? Function : Data;

        bytes[4] |= Global;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), isPlaced ? (ushort)(index + 1) : Absolute);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), symbol.Address);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), symbol.Size);
        return bytes;
    }

    private static int AddName(MemoryStream names, string name)
    {
        int offset = (int)names.Position;
        names.Write(Encoding.UTF8.GetBytes(name.Replace('\0', '?')));
        names.WriteByte(0);
        return offset;
    }

    private static ulong Align(ulong offset) => (offset + 15) & ~15UL;
}
