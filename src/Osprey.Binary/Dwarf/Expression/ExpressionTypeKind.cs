namespace Osprey.Binary.Dwarf.Expression;

/// <summary>The meaning of the bits of a value on an expression's stack.</summary>
public enum ExpressionTypeKind : byte
{
    /// <summary>
    /// An integer as wide as an address; each operation decides whether it is signed (DWARF 5, section 2.5.1).
    /// </summary>
    Generic,

    /// <summary>An unsigned integer.</summary>
    Unsigned,

    /// <summary>A signed integer.</summary>
    Signed,

    /// <summary>A floating-point number of IEEE 754, of 4 or 8 bytes.</summary>
    Float,
}
