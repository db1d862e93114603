namespace Osprey.Binary.Dwarf.Info;

/// <summary>What a value of a debugging information entry means; a value without a name here is kept as it is.</summary>
public enum DwarfAttribute : ushort
{
    None = 0,
    Sibling = 0x01, // DW_AT_sibling
    Name = 0x03, // DW_AT_name
    LineProgram = 0x10, // DW_AT_stmt_list
    LowPc = 0x11, // DW_AT_low_pc
    HighPc = 0x12, // DW_AT_high_pc
    CompilationDirectory = 0x1b, // DW_AT_comp_dir
    Inline = 0x20, // DW_AT_inline
    Producer = 0x25, // DW_AT_producer
    AbstractOrigin = 0x31, // DW_AT_abstract_origin
    Declaration = 0x3c, // DW_AT_declaration
    Specification = 0x47, // DW_AT_specification
    Ranges = 0x55, // DW_AT_ranges
    CallFile = 0x58, // DW_AT_call_file
    CallLine = 0x59, // DW_AT_call_line
    LinkageName = 0x6e, // DW_AT_linkage_name
    StringOffsetsBase = 0x72, // DW_AT_str_offsets_base
    AddressBase = 0x73, // DW_AT_addr_base
    RangeListsBase = 0x74, // DW_AT_rnglists_base
    SplitName = 0x76, // DW_AT_dwo_name
    MipsLinkageName = 0x2007, // DW_AT_MIPS_linkage_name
    GnuSplitName = 0x2130, // DW_AT_GNU_dwo_name
    GnuAddressBase = 0x2133, // DW_AT_GNU_addr_base
}
