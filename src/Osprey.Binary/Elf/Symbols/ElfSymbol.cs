namespace Osprey.Binary.Elf.Symbols;

/// <summary>An entry of a symbol table. Its name is read with <see cref="ElfSymbolTable.GetName"/>.</summary>
/// <param name="NameOffset">Offset of its name in the table's strings.</param>
/// <param name="Type">The kind of thing that it names.</param>
/// <param name="Binding">Its visibility to other files.</param>
/// <param name="SectionIndex">
/// Index of its section, or a number with a meaning of its own: 0 (undefined), or from
/// <see cref="FirstReservedSection"/> on.
/// </param>
/// <param name="LinkAddress">Its value: a link-time address for functions and objects.</param>
/// <param name="Size">Size in bytes; 0 when unknown.</param>
public readonly record struct ElfSymbol(
    uint NameOffset,
    ElfSymbolType Type,
    ElfSymbolBinding Binding,
    ushort SectionIndex,
    ulong LinkAddress,
    ulong Size
)
{
    /// <summary>The first section index with a meaning of its own, such as "absolute".</summary>
    public const ushort FirstReservedSection = 0xff00; // SHN_LORESERVE

    /// <summary>The section index of a symbol whose value is a number, not a place.</summary>
    internal const ushort AbsoluteSection = 0xfff1; // SHN_ABS

    /// <summary>The section index that means: the real one is in a separate table.</summary>
    public const ushort ExtendedSection = 0xffff; // SHN_XINDEX

    /// <summary>
    /// True when the symbol lies in one of the file's sections: it is neither undefined nor absolute.
    /// </summary>
    public bool IsInSection => SectionIndex is not 0 and (< FirstReservedSection or ExtendedSection);
}
