namespace Osprey.Symbols.Types;

/// <summary>
/// The meaning of the bytes of a base type (DWARF 5, table 7.11). A value without a name here is kept as it is.
/// </summary>
public enum BaseEncoding
{
    /// <summary>A machine address.</summary>
    Address = 0x01, // DW_ATE_address

    /// <summary>True or false.</summary>
    Boolean = 0x02, // DW_ATE_boolean

    /// <summary>A complex number of two floating-point ones.</summary>
    ComplexFloat = 0x03, // DW_ATE_complex_float

    /// <summary>A floating-point number.</summary>
    Float = 0x04, // DW_ATE_float

    /// <summary>A signed integer.</summary>
    Signed = 0x05, // DW_ATE_signed

    /// <summary>A signed character.</summary>
    SignedChar = 0x06, // DW_ATE_signed_char

    /// <summary>An unsigned integer.</summary>
    Unsigned = 0x07, // DW_ATE_unsigned

    /// <summary>An unsigned character.</summary>
    UnsignedChar = 0x08, // DW_ATE_unsigned_char

    /// <summary>A Unicode character.</summary>
    Utf = 0x10, // DW_ATE_UTF
}
