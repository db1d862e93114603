namespace Osprey.Symbols.Types.Btf;

/// <summary>The bits of an integer type of BTF.</summary>
/// <param name="Data">The number behind the type's record.</param>
internal readonly record struct BtfInteger(uint Data)
{
    /// <summary>True when it is signed.</summary>
    public bool IsSigned => (Data >> 24 & 1) != 0; // BTF_INT_SIGNED

    /// <summary>True when it is a character.</summary>
    public bool IsCharacter => (Data >> 24 & 2) != 0; // BTF_INT_CHAR

    /// <summary>True when it is true or false.</summary>
    public bool IsBoolean => (Data >> 24 & 4) != 0; // BTF_INT_BOOL

    /// <summary>Bits from the place of a member of this type to its value.</summary>
    public uint BitOffset => Data >> 16 & 0xff;

    /// <summary>Number of its bits.</summary>
    public uint BitCount => Data & 0xff;
}
