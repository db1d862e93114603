namespace Osprey.Symbols.Types.Compounds;

/// <summary>Kinds of types that hold members.</summary>
public enum CompoundKind
{
    Struct, // DW_TAG_structure_type
    Class, // DW_TAG_class_type
    Union, // DW_TAG_union_type
}
