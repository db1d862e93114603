namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// An attribute's value as stored. Most forms have a meaning within their unit only: the unit turns the value into an
/// address, a string or a reference.
/// </summary>
/// <param name="Form">The form in which it is stored; never <see cref="DwarfForm.Indirect"/>.</param>
/// <param name="Bits">
/// The number: a constant (signed ones sign-extended), an index, an offset. For blocks, and for strings stored in the
/// entry: the offset of their first byte in the section.
/// </param>
/// <param name="Size">
/// Size in bytes of a block, or of a string stored in the entry (without its NUL); the distance from an address that is
/// given by index; else 0.
/// </param>
internal readonly record struct AttributeValue(DwarfForm Form, ulong Bits, ulong Size = 0)
{
    /// <summary>True when it is an address, given as a number or by index.</summary>
    public bool IsAddress =>
        Form
            is DwarfForm.Address
                or DwarfForm.AddressIndex
                or DwarfForm.GnuAddressIndex
                or DwarfForm.AddressIndex1
                or DwarfForm.AddressIndex2
                or DwarfForm.AddressIndex3
                or DwarfForm.AddressIndex4
                or DwarfForm.LlvmAddressOffset;

    /// <summary>True when it is a plain number.</summary>
    public bool IsConstant =>
        Form
            is DwarfForm.Data1
                or DwarfForm.Data2
                or DwarfForm.Data4
                or DwarfForm.Data8
                or DwarfForm.SignedData
                or DwarfForm.UnsignedData
                or DwarfForm.ImplicitConstant;

    /// <summary>True when it refers to an entry of the supplementary file that dwz makes.</summary>
    public bool IsSupplementaryReference =>
        Form
            is DwarfForm.GnuReferenceAlternate
                or DwarfForm.ReferenceSupplementary4
                or DwarfForm.ReferenceSupplementary8;

    /// <summary>
    /// Returns the number; null when it is not a plain one, or does not fit in a non-negative <see cref="int"/>.
    /// </summary>
    public int? AsInt32() => IsConstant && Bits <= int.MaxValue ? (int)Bits : null;
}
