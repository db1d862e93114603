namespace Osprey.Symbols.Types;

/// <summary>Kinds of pointers.</summary>
public enum PointerKind
{
    Pointer, // DW_TAG_pointer_type
    Reference, // DW_TAG_reference_type
    RvalueReference, // DW_TAG_rvalue_reference_type
    MemberPointer, // DW_TAG_ptr_to_member_type
}
