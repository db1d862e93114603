namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// The kind of thing that a debugging information entry describes (DWARF 5, section 7.5.3); a value without a name here
/// is kept as it is.
/// </summary>
internal enum DwarfTag : ushort
{
    None = 0,
    ArrayType = 0x01, // DW_TAG_array_type
    ClassType = 0x02, // DW_TAG_class_type
    EnumerationType = 0x04, // DW_TAG_enumeration_type
    FormalParameter = 0x05, // DW_TAG_formal_parameter
    ImportedDeclaration = 0x08, // DW_TAG_imported_declaration
    LexicalBlock = 0x0b, // DW_TAG_lexical_block
    Member = 0x0d, // DW_TAG_member
    PointerType = 0x0f, // DW_TAG_pointer_type
    ReferenceType = 0x10, // DW_TAG_reference_type
    CompileUnit = 0x11, // DW_TAG_compile_unit
    StructureType = 0x13, // DW_TAG_structure_type
    SubroutineType = 0x15, // DW_TAG_subroutine_type
    Typedef = 0x16, // DW_TAG_typedef
    UnionType = 0x17, // DW_TAG_union_type
    UnspecifiedParameters = 0x18, // DW_TAG_unspecified_parameters
    Inheritance = 0x1c, // DW_TAG_inheritance
    InlinedSubroutine = 0x1d, // DW_TAG_inlined_subroutine
    MemberPointerType = 0x1f, // DW_TAG_ptr_to_member_type
    SubrangeType = 0x21, // DW_TAG_subrange_type
    BaseType = 0x24, // DW_TAG_base_type
    ConstType = 0x26, // DW_TAG_const_type
    Enumerator = 0x28, // DW_TAG_enumerator
    PackedType = 0x2d, // DW_TAG_packed_type
    Subprogram = 0x2e, // DW_TAG_subprogram
    TemplateTypeParameter = 0x2f, // DW_TAG_template_type_parameter
    TemplateValueParameter = 0x30, // DW_TAG_template_value_parameter
    Variable = 0x34, // DW_TAG_variable
    VolatileType = 0x35, // DW_TAG_volatile_type
    RestrictType = 0x37, // DW_TAG_restrict_type
    InterfaceType = 0x38, // DW_TAG_interface_type
    Namespace = 0x39, // DW_TAG_namespace
    ImportedModule = 0x3a, // DW_TAG_imported_module
    UnspecifiedType = 0x3b, // DW_TAG_unspecified_type
    PartialUnit = 0x3c, // DW_TAG_partial_unit
    ImportedUnit = 0x3d, // DW_TAG_imported_unit
    TypeUnit = 0x41, // DW_TAG_type_unit
    RvalueReferenceType = 0x42, // DW_TAG_rvalue_reference_type
    TemplateAlias = 0x43, // DW_TAG_template_alias
    AtomicType = 0x47, // DW_TAG_atomic_type
    CallSite = 0x48, // DW_TAG_call_site
    CallSiteParameter = 0x49, // DW_TAG_call_site_parameter
    SkeletonUnit = 0x4a, // DW_TAG_skeleton_unit
    GnuTemplateTemplateParameter = 0x4106, // DW_TAG_GNU_template_template_param
    GnuTemplateParameterPack = 0x4107, // DW_TAG_GNU_template_parameter_pack
    GnuFormalParameterPack = 0x4108, // DW_TAG_GNU_formal_parameter_pack
    GnuCallSite = 0x4109, // DW_TAG_GNU_call_site
    GnuCallSiteParameter = 0x410a, // DW_TAG_GNU_call_site_parameter
}
