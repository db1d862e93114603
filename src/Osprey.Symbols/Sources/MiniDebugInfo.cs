using Osprey.Binary;
using Osprey.Binary.Compression;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;

namespace Osprey.Symbols.Sources;

/// <summary>
/// The symbol table that distributions leave in stripped programs: <c>.gnu_debugdata</c> holds an ELF file, packed with
/// xz, with the symbols that are not in the dynamic table.
/// </summary>
internal static class MiniDebugInfo
{
    private const string SectionName = ".gnu_debugdata";

    /// <summary>Reads the table.</summary>
    /// <param name="image">The stripped program.</param>
    /// <param name="limits">Bounds on what it may declare.</param>
    /// <returns>Null when it has none.</returns>
    /// <exception cref="BadDataException">It is damaged.</exception>
    public static ElfSymbolTable? Read(ElfImage image, ParseLimits limits)
    {
        if (image.FindSection(SectionName) is not { } section)
            return null;

        string name = $"{image.Source.Name}:{SectionName}";
        byte[] content = XzData.Unpack(image.GetContent(section), limits.MaxDecompressedSize, name);

        // The table keeps the bytes.
        using ElfImage inner = ElfImage.Parse(new MemoryByteSource(name, content), limits);
        ElfSymbolTable table = inner.ReadSymbols(ElfSectionType.SymbolTable);
        return table.Count == 0 ? null : table;
    }
}
