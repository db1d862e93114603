namespace Osprey.Symbols.Types.Compounds;

/// <summary>The kinds of types that have members.</summary>
public enum CompoundKind
{
    /// <summary>A struct.</summary>
    Struct, // DW_TAG_structure_type

    /// <summary>A class.</summary>
    Class, // DW_TAG_class_type

    /// <summary>A union.</summary>
    Union, // DW_TAG_union_type
}
