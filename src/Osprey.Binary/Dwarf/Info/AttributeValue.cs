namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// An attribute's value as stored. The unit it came from turns it into an address, a string or a reference,
/// because most forms mean something only there.
/// </summary>
/// <param name="Form">How it is stored; never <see cref="DwarfForm.Indirect"/>.</param>
/// <param name="Bits">
/// The number: a constant (signed ones sign-extended), an index, an offset. For blocks and strings that are
/// stored in the entry: where they start in the section.
/// </param>
/// <param name="Size">Bytes of a block or of a string stored in the entry, without its NUL; else 0.</param>
public readonly record struct AttributeValue(DwarfForm Form, ulong Bits, ulong Size = 0)
{
    /// <summary>Whether it is an address, as a number or by index.</summary>
    public bool IsAddress =>
        Form
            is DwarfForm.Address
                or DwarfForm.AddressIndex
                or DwarfForm.GnuAddressIndex
                or DwarfForm.AddressIndex1
                or DwarfForm.AddressIndex2
                or DwarfForm.AddressIndex3
                or DwarfForm.AddressIndex4;

    /// <summary>Whether it is a plain number.</summary>
    public bool IsConstant =>
        Form
            is DwarfForm.Data1
                or DwarfForm.Data2
                or DwarfForm.Data4
                or DwarfForm.Data8
                or DwarfForm.SignedData
                or DwarfForm.UnsignedData
                or DwarfForm.ImplicitConstant;

    /// <summary>Whether it refers to an entry of the supplementary file that dwz makes.</summary>
    public bool IsSupplementaryReference =>
        Form
            is DwarfForm.GnuReferenceAlternate
                or DwarfForm.ReferenceSupplementary4
                or DwarfForm.ReferenceSupplementary8;

    /// <summary>The number, or null when it does not fit in a non-negative <see cref="int"/>.</summary>
    public int? AsInt32() => IsConstant && Bits <= int.MaxValue ? (int)Bits : null;
}
