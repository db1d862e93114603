namespace Osprey.Symbols.Types;

/// <summary>How the bytes of a base type are to be understood (DWARF 5, table 7.11).</summary>
public enum BaseEncoding
{
    Address = 0x01, // DW_ATE_address
    Boolean = 0x02, // DW_ATE_boolean
    ComplexFloat = 0x03, // DW_ATE_complex_float
    Float = 0x04, // DW_ATE_float
    Signed = 0x05, // DW_ATE_signed
    SignedChar = 0x06, // DW_ATE_signed_char
    Unsigned = 0x07, // DW_ATE_unsigned
    UnsignedChar = 0x08, // DW_ATE_unsigned_char
    Utf = 0x10, // DW_ATE_UTF
}
