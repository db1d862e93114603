namespace Osprey.Binary.Elf.Symbols;

/// <summary>One entry of a symbol table. Its name is read with <see cref="ElfSymbolTable.GetName"/>.</summary>
/// <param name="NameOffset">Where its name is in the table's strings.</param>
/// <param name="Type">What it stands for.</param>
/// <param name="Binding">Who sees it.</param>
/// <param name="SectionIndex">Its section, or one of the special numbers below and above.</param>
/// <param name="LinkAddress">Its value: a link-time address for functions and objects.</param>
/// <param name="Size">Bytes; 0 when unknown.</param>
public readonly record struct ElfSymbol(
    uint NameOffset,
    ElfSymbolType Type,
    ElfSymbolBinding Binding,
    ushort SectionIndex,
    ulong LinkAddress,
    ulong Size
)
{
    /// <summary>The first section number with a meaning of its own, such as "absolute".</summary>
    public const ushort FirstReservedSection = 0xff00; // SHN_LORESERVE

    /// <summary>Says that the number is in a table beside.</summary>
    public const ushort ExtendedSection = 0xffff; // SHN_XINDEX

    /// <summary>Whether the symbol lies in one of the file's sections: it is neither undefined nor absolute.</summary>
    public bool IsInSection => SectionIndex is not 0 and (< FirstReservedSection or ExtendedSection);
}
