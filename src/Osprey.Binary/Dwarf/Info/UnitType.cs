namespace Osprey.Binary.Dwarf.Info;

/// <summary>The purpose of a unit (DWARF 5, section 7.5.1).</summary>
internal enum UnitType : byte
{
    Compile = 0x01, // DW_UT_compile
    Type = 0x02, // DW_UT_type
    Partial = 0x03, // DW_UT_partial
    Skeleton = 0x04, // DW_UT_skeleton
    SplitCompile = 0x05, // DW_UT_split_compile
    SplitType = 0x06, // DW_UT_split_type
}
