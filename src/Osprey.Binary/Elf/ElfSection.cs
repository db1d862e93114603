namespace Osprey.Binary.Elf;

/// <summary>One section header.</summary>
/// <param name="Index">Position in the section header table.</param>
/// <param name="Name">Name; empty when it lies outside of the string table.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Flags">Its attributes.</param>
/// <param name="LinkAddress">Where the section is linked to; 0 when it is not loaded.</param>
/// <param name="Offset">Where its bytes are in the file.</param>
/// <param name="Size">Bytes, as stored.</param>
/// <param name="Link">Index of a section it belongs with: a symbol table's names.</param>
/// <param name="EntrySize">Bytes of one entry, for tables.</param>
/// <param name="Alignment">Its bytes' alignment.</param>
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
);
