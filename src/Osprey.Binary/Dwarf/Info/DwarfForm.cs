namespace Osprey.Binary.Dwarf.Info;

/// <summary>The form in which an attribute's value is stored (DWARF 5, section 7.5.6, and GNU extensions).</summary>
internal enum DwarfForm : ushort
{
    None = 0,
    Address = 0x01, // DW_FORM_addr
    Block2 = 0x03, // DW_FORM_block2
    Block4 = 0x04, // DW_FORM_block4
    Data2 = 0x05, // DW_FORM_data2
    Data4 = 0x06, // DW_FORM_data4
    Data8 = 0x07, // DW_FORM_data8
    String = 0x08, // DW_FORM_string
    Block = 0x09, // DW_FORM_block
    Block1 = 0x0a, // DW_FORM_block1
    Data1 = 0x0b, // DW_FORM_data1
    Flag = 0x0c, // DW_FORM_flag
    SignedData = 0x0d, // DW_FORM_sdata
    StringOffset = 0x0e, // DW_FORM_strp
    UnsignedData = 0x0f, // DW_FORM_udata
    ReferenceAddress = 0x10, // DW_FORM_ref_addr
    Reference1 = 0x11, // DW_FORM_ref1
    Reference2 = 0x12, // DW_FORM_ref2
    Reference4 = 0x13, // DW_FORM_ref4
    Reference8 = 0x14, // DW_FORM_ref8
    ReferenceUnsigned = 0x15, // DW_FORM_ref_udata
    Indirect = 0x16, // DW_FORM_indirect
    SectionOffset = 0x17, // DW_FORM_sec_offset
    Expression = 0x18, // DW_FORM_exprloc
    FlagPresent = 0x19, // DW_FORM_flag_present
    StringIndex = 0x1a, // DW_FORM_strx
    AddressIndex = 0x1b, // DW_FORM_addrx
    ReferenceSupplementary4 = 0x1c, // DW_FORM_ref_sup4
    StringSupplementary = 0x1d, // DW_FORM_strp_sup
    Data16 = 0x1e, // DW_FORM_data16
    LineStringOffset = 0x1f, // DW_FORM_line_strp
    ReferenceSignature = 0x20, // DW_FORM_ref_sig8
    ImplicitConstant = 0x21, // DW_FORM_implicit_const
    LocationListIndex = 0x22, // DW_FORM_loclistx
    RangeListIndex = 0x23, // DW_FORM_rnglistx
    ReferenceSupplementary8 = 0x24, // DW_FORM_ref_sup8
    StringIndex1 = 0x25, // DW_FORM_strx1
    StringIndex2 = 0x26, // DW_FORM_strx2
    StringIndex3 = 0x27, // DW_FORM_strx3
    StringIndex4 = 0x28, // DW_FORM_strx4
    AddressIndex1 = 0x29, // DW_FORM_addrx1
    AddressIndex2 = 0x2a, // DW_FORM_addrx2
    AddressIndex3 = 0x2b, // DW_FORM_addrx3
    AddressIndex4 = 0x2c, // DW_FORM_addrx4
    GnuAddressIndex = 0x1f01, // DW_FORM_GNU_addr_index
    GnuStringIndex = 0x1f02, // DW_FORM_GNU_str_index
    LlvmAddressOffset = 0x2001, // DW_FORM_LLVM_addrx_offset
    GnuReferenceAlternate = 0x1f20, // DW_FORM_GNU_ref_alt
    GnuStringAlternate = 0x1f21, // DW_FORM_GNU_strp_alt
}
