namespace Osprey.Binary.Dwarf.Expression;

/// <summary>How the bits of a value on an expression's stack are meant.</summary>
public enum ExpressionTypeKind : byte
{
    /// <summary>An integer as wide as an address, whose sign the operation decides (DWARF 5, section 2.5.1).</summary>
    Generic,

    Unsigned,

    Signed,

    /// <summary>IEEE 754, of 4 or 8 bytes.</summary>
    Float,
}
