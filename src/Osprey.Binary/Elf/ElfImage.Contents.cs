using Osprey.Binary.Elf.Relocatable;
using Osprey.Binary.Elf.Symbols;

namespace Osprey.Binary.Elf;

/// <content>Readers for sections with a format of their own.</content>
public sealed partial class ElfImage
{
    /// <summary>
    /// Reads the full symbol table; where there is none, the dynamic one, also of a file without section headers; else
    /// returns an empty table.
    /// </summary>
    /// <exception cref="BadDataException">The table lies outside of the file.</exception>
    public ElfSymbolTable ReadSymbols()
    {
        ElfSymbolTable symbols = ReadSymbols(ElfSectionType.SymbolTable);
        return symbols.Count > 0 ? symbols
            : _sections.Length == 0 ? DynamicSegment.ReadSymbols(this)
            : ReadSymbols(ElfSectionType.DynamicSymbols);
    }

    /// <summary>Reads the first symbol table of a type; returns an empty table when there is none.</summary>
    /// <exception cref="BadDataException">
    /// The table lies outside of the file, or its entries have another size than those of a 64-bit file.
    /// </exception>
    public ElfSymbolTable ReadSymbols(ElfSectionType type)
    {
        foreach (ElfSection section in _sections)
        {
            if (section.Type == type)
                return ReadSymbols(section);
        }

        return ElfSymbolTable.Empty;
    }

    /// <summary>Reads the symbol table of a section.</summary>
    /// <exception cref="BadDataException">
    /// The table lies outside of the file, or its entries have another size than those of a 64-bit file.
    /// </exception>
    internal ElfSymbolTable ReadSymbols(ElfSection section)
    {
        if (section.EntrySize is not 0 and not ElfSymbolTable.EntrySize)
            throw new BadDataException(
                section.Name,
                0,
                $"entries of {section.EntrySize} bytes; expected {ElfSymbolTable.EntrySize}"
            );

        ReadOnlyMemory<byte> names =
            section.Link < (uint)Sections.Count ? GetContent(Sections[(int)section.Link]) : default;
        return new ElfSymbolTable(section.Name, GetContent(section), names, IsBigEndian)
        {
            Sections = Type == ElfType.Relocatable ? _sections : null,
        };
    }

    /// <summary>Reads the notes of all note sections; in a file without sections, of all note segments.</summary>
    /// <exception cref="BadDataException">A note is malformed.</exception>
    public IReadOnlyList<ElfNote> ReadNotes()
    {
        var notes = new List<ElfNote>();
        foreach (ElfSection section in _sections)
        {
            if (section.Type == ElfSectionType.Note)
                notes.AddRange(
                    ElfNote.ReadAll(GetContent(section), section.Name, IsBigEndian, section.Alignment == 8 ? 8 : 4)
                );
        }

        if (Sections.Count > 0)
            return notes;

        foreach (ElfSegment segment in _segments)
        {
            if (
                segment.Type == ElfSegmentType.Note
                && segment.Offset <= long.MaxValue
                && segment.FileSize <= long.MaxValue
            )
            {
                ReadOnlyMemory<byte> content = Source.Slice((long)segment.Offset, (long)segment.FileSize);
                notes.AddRange(ElfNote.ReadAll(content, Source.Name, IsBigEndian, segment.Alignment == 8 ? 8 : 4));
            }
        }

        return notes;
    }

    /// <summary>Reads the file's build-id; empty when it has none.</summary>
    /// <exception cref="BadDataException">A note is malformed.</exception>
    public BuildId ReadBuildId()
    {
        foreach (ElfNote note in ReadNotes())
        {
            if (note.Type == ElfNote.BuildIdType && note.Owner == "GNU" && !note.Content.IsEmpty)
                return new BuildId(note.Content.Span);
        }

        return default;
    }

    /// <summary>
    /// Marks the bytes from a link-time address on that a relocation of a relocatable file changes, and the 2 bytes
    /// before each, which hold the instruction; no byte in files of other types.
    /// </summary>
    /// <exception cref="BadDataException">Relocations lie outside of the file.</exception>
    public void MarkRelocations(ulong linkAddress, Span<bool> marks)
    {
        marks.Clear();
        if (Type != ElfType.Relocatable)
            return;

        foreach (ElfSection section in _sections)
        {
            if (
                (section.Flags & ElfSectionFlags.Allocated) == 0
                || linkAddress < section.LinkAddress
                || linkAddress - section.LinkAddress >= section.Size
            )
                continue;

            foreach (ElfSection table in _sections)
            {
                if (IsRelocationTable(table) && table.Info == (uint)section.Index)
                    new SectionRelocator(this).Mark(table, linkAddress - section.LinkAddress, marks);
            }
        }
    }

    /// <summary>Reads the link to the file's debug file; null when it has none.</summary>
    /// <exception cref="BadDataException">The section is malformed.</exception>
    public DebugLink? ReadDebugLink()
    {
        ElfSection? section = FindSection(".gnu_debuglink");
        return section is null ? null : DebugLink.Read(GetContent(section).Span, section.Name, IsBigEndian);
    }
}
