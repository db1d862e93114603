namespace Osprey.Binary.Elf;

/// <summary>A section header.</summary>
/// <param name="Index">Position in the section header table.</param>
/// <param name="Name">The name; empty when it lies outside of the string table.</param>
/// <param name="Type">The kind of content.</param>
/// <param name="Flags">Its attributes.</param>
/// <param name="LinkAddress">
/// Link-time address of the first byte; 0 when the section is not loaded. Sections of a relocatable file get one when
/// the file is read, the first code section 0.
/// </param>
/// <param name="Offset">Offset of the bytes in the file.</param>
/// <param name="Size">Size in bytes; in the file, when the content is compressed.</param>
/// <param name="Link">Index of a related section: for a symbol table, that of its names.</param>
/// <param name="EntrySize">Size of one entry in bytes, for tables.</param>
/// <param name="Alignment">Alignment in bytes.</param>
public sealed record ElfSection(
    int Index,
    string Name,
    ElfSectionType Type,
    ElfSectionFlags Flags,
    ulong LinkAddress,
    ulong Offset,
    ulong Size,
    uint Link,
    ulong EntrySize,
    ulong Alignment
)
{
    /// <summary>Further information: for relocations, the index of the section that they change.</summary>
    internal uint Info { get; init; }
}
