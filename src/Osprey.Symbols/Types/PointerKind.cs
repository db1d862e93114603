namespace Osprey.Symbols.Types;

/// <summary>The kinds of pointers.</summary>
public enum PointerKind
{
    /// <summary>A pointer.</summary>
    Pointer, // DW_TAG_pointer_type

    /// <summary>A reference.</summary>
    Reference, // DW_TAG_reference_type

    /// <summary>A reference to a temporary object.</summary>
    RvalueReference, // DW_TAG_rvalue_reference_type

    /// <summary>A pointer to a member of a class.</summary>
    MemberPointer, // DW_TAG_ptr_to_member_type
}
