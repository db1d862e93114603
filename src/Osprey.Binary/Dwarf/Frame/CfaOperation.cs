namespace Osprey.Binary.Dwarf.Frame;

/// <summary>The operations of call frame programs (DWARF 5, section 7.24), and extensions by vendors.</summary>
internal enum CfaOperation : byte
{
    NoOperation = 0x00, // DW_CFA_nop
    SetLocation = 0x01, // DW_CFA_set_loc
    AdvanceLocation1 = 0x02, // DW_CFA_advance_loc1
    AdvanceLocation2 = 0x03, // DW_CFA_advance_loc2
    AdvanceLocation4 = 0x04, // DW_CFA_advance_loc4
    OffsetExtended = 0x05, // DW_CFA_offset_extended
    RestoreExtended = 0x06, // DW_CFA_restore_extended
    Undefined = 0x07, // DW_CFA_undefined
    SameValue = 0x08, // DW_CFA_same_value
    Register = 0x09, // DW_CFA_register
    RememberState = 0x0a, // DW_CFA_remember_state
    RestoreState = 0x0b, // DW_CFA_restore_state
    DefineCfa = 0x0c, // DW_CFA_def_cfa
    DefineCfaRegister = 0x0d, // DW_CFA_def_cfa_register
    DefineCfaOffset = 0x0e, // DW_CFA_def_cfa_offset
    DefineCfaExpression = 0x0f, // DW_CFA_def_cfa_expression
    Expression = 0x10, // DW_CFA_expression
    OffsetExtendedSigned = 0x11, // DW_CFA_offset_extended_sf
    DefineCfaSigned = 0x12, // DW_CFA_def_cfa_sf
    DefineCfaOffsetSigned = 0x13, // DW_CFA_def_cfa_offset_sf
    ValueOffset = 0x14, // DW_CFA_val_offset
    ValueOffsetSigned = 0x15, // DW_CFA_val_offset_sf
    ValueExpression = 0x16, // DW_CFA_val_expression
    AdvanceLocation8 = 0x1d, // DW_CFA_MIPS_advance_loc8
    NegateReturnAddressStateWithPc = 0x2c, // DW_CFA_AARCH64_negate_ra_state_with_pc
    NegateReturnAddressState = 0x2d, // DW_CFA_AARCH64_negate_ra_state
    ArgumentsSize = 0x2e, // DW_CFA_GNU_args_size
    NegativeOffsetExtended = 0x2f, // DW_CFA_GNU_negative_offset_extended
    AdvanceLocation = 0x40, // DW_CFA_advance_loc
    Offset = 0x80, // DW_CFA_offset
    Restore = 0xc0, // DW_CFA_restore
}
