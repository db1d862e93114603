namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// The meaning of an attribute of a debugging information entry (DWARF 5, section 7.5.4); a value without a name here
/// is kept as it is.
/// </summary>
internal enum DwarfAttribute : ushort
{
    None = 0,
    Sibling = 0x01, // DW_AT_sibling
    Location = 0x02, // DW_AT_location
    Name = 0x03, // DW_AT_name
    ByteSize = 0x0b, // DW_AT_byte_size
    BitOffset = 0x0c, // DW_AT_bit_offset
    BitSize = 0x0d, // DW_AT_bit_size
    LineProgram = 0x10, // DW_AT_stmt_list
    LowPc = 0x11, // DW_AT_low_pc
    HighPc = 0x12, // DW_AT_high_pc
    Language = 0x13, // DW_AT_language
    Import = 0x18, // DW_AT_import
    CompilationDirectory = 0x1b, // DW_AT_comp_dir
    ConstantValue = 0x1c, // DW_AT_const_value
    ContainingType = 0x1d, // DW_AT_containing_type
    Inline = 0x20, // DW_AT_inline
    LowerBound = 0x22, // DW_AT_lower_bound
    Producer = 0x25, // DW_AT_producer
    UpperBound = 0x2f, // DW_AT_upper_bound
    AbstractOrigin = 0x31, // DW_AT_abstract_origin
    Artificial = 0x34, // DW_AT_artificial
    Count = 0x37, // DW_AT_count
    MemberLocation = 0x38, // DW_AT_data_member_location
    DeclarationFile = 0x3a, // DW_AT_decl_file
    Declaration = 0x3c, // DW_AT_declaration
    Encoding = 0x3e, // DW_AT_encoding
    External = 0x3f, // DW_AT_external
    FrameBase = 0x40, // DW_AT_frame_base
    Specification = 0x47, // DW_AT_specification
    Type = 0x49, // DW_AT_type
    Virtuality = 0x4c, // DW_AT_virtuality
    TableElement = 0x4d, // DW_AT_vtable_elem_location
    Ranges = 0x55, // DW_AT_ranges
    CallFile = 0x58, // DW_AT_call_file
    CallLine = 0x59, // DW_AT_call_line
    ObjectPointer = 0x64, // DW_AT_object_pointer
    Signature = 0x69, // DW_AT_signature
    DataBitOffset = 0x6b, // DW_AT_data_bit_offset
    EnumClass = 0x6d, // DW_AT_enum_class
    LinkageName = 0x6e, // DW_AT_linkage_name
    StringOffsetsBase = 0x72, // DW_AT_str_offsets_base
    AddressBase = 0x73, // DW_AT_addr_base
    RangeListsBase = 0x74, // DW_AT_rnglists_base
    SplitName = 0x76, // DW_AT_dwo_name
    CallReturnPc = 0x7d, // DW_AT_call_return_pc
    CallValue = 0x7e, // DW_AT_call_value
    CallOrigin = 0x7f, // DW_AT_call_origin
    CallPc = 0x81, // DW_AT_call_pc
    CallTailCall = 0x82, // DW_AT_call_tail_call
    ExportSymbols = 0x89, // DW_AT_export_symbols
    LocationListsBase = 0x8c, // DW_AT_loclists_base
    MipsLinkageName = 0x2007, // DW_AT_MIPS_linkage_name
    GnuVector = 0x2107, // DW_AT_GNU_vector
    GnuTemplateName = 0x2110, // DW_AT_GNU_template_name
    GnuCallSiteValue = 0x2111, // DW_AT_GNU_call_site_value
    GnuTailCall = 0x2115, // DW_AT_GNU_tail_call
    GnuSplitName = 0x2130, // DW_AT_GNU_dwo_name
    GnuSplitId = 0x2131, // DW_AT_GNU_dwo_id
    GnuRangesBase = 0x2132, // DW_AT_GNU_ranges_base
    GnuAddressBase = 0x2133, // DW_AT_GNU_addr_base
}
