namespace Osprey.Binary.Dwarf.Info;

/// <summary>Facts about an entry that its attributes show by being there; for a flag, by not being 0.</summary>
[Flags]
internal enum EntryMarks : ushort
{
    None = 0,
    Declaration = 1 << 0, // DW_AT_declaration
    External = 1 << 1, // DW_AT_external
    Location = 1 << 2, // DW_AT_location
    Constant = 1 << 3, // DW_AT_const_value
    Code = 1 << 4, // DW_AT_low_pc, DW_AT_ranges
    Inline = 1 << 5, // DW_AT_inline
    MemberLocation = 1 << 6, // DW_AT_data_member_location, DW_AT_data_bit_offset
    ExportSymbols = 1 << 7, // DW_AT_export_symbols
    EnumClass = 1 << 8, // DW_AT_enum_class
    Signature = 1 << 9, // DW_AT_signature
}
