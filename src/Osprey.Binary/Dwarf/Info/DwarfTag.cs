namespace Osprey.Binary.Dwarf.Info;

/// <summary>What a debugging information entry describes; a value without a name here is kept as it is.</summary>
public enum DwarfTag : ushort
{
    None = 0,
    LexicalBlock = 0x0b, // DW_TAG_lexical_block
    CompileUnit = 0x11, // DW_TAG_compile_unit
    InlinedSubroutine = 0x1d, // DW_TAG_inlined_subroutine
    Subprogram = 0x2e, // DW_TAG_subprogram
    PartialUnit = 0x3c, // DW_TAG_partial_unit
    ImportedUnit = 0x3d, // DW_TAG_imported_unit
    SkeletonUnit = 0x4a, // DW_TAG_skeleton_unit
}
