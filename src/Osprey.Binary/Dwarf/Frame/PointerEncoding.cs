namespace Osprey.Binary.Dwarf.Frame;

/// <summary>
/// The encoding of an address in <c>.eh_frame</c>: its format, what it is relative to, and whether it is stored
/// elsewhere (Linux Standard Base, Core, section 10.5.1).
/// </summary>
[Flags]
internal enum PointerEncoding : byte
{
    Absolute = 0x00, // DW_EH_PE_absptr
    Uleb128 = 0x01, // DW_EH_PE_uleb128
    Unsigned2 = 0x02, // DW_EH_PE_udata2
    Unsigned4 = 0x03, // DW_EH_PE_udata4
    Unsigned8 = 0x04, // DW_EH_PE_udata8
    Signed = 0x08, // DW_EH_PE_signed
    Sleb128 = 0x09, // DW_EH_PE_sleb128
    Signed2 = 0x0a, // DW_EH_PE_sdata2
    Signed4 = 0x0b, // DW_EH_PE_sdata4
    Signed8 = 0x0c, // DW_EH_PE_sdata8
    FormatMask = 0x0f,

    ProgramCounter = 0x10, // DW_EH_PE_pcrel
    Text = 0x20, // DW_EH_PE_textrel
    Data = 0x30, // DW_EH_PE_datarel
    Function = 0x40, // DW_EH_PE_funcrel
    Aligned = 0x50, // DW_EH_PE_aligned
    BaseMask = 0x70,

    Indirect = 0x80, // DW_EH_PE_indirect
    Omitted = 0xff, // DW_EH_PE_omit
}
