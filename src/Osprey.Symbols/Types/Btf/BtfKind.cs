namespace Osprey.Symbols.Types.Btf;

/// <summary>The kinds of BTF's types (the kernel's <c>include/uapi/linux/btf.h</c>).</summary>
internal enum BtfKind
{
    /// <summary>No type; as a reference it means <c>void</c>.</summary>
    Void = 0, // BTF_KIND_UNKN

    /// <summary>An integer.</summary>
    Integer = 1, // BTF_KIND_INT

    /// <summary>A pointer.</summary>
    Pointer = 2, // BTF_KIND_PTR

    /// <summary>An array.</summary>
    Array = 3, // BTF_KIND_ARRAY

    /// <summary>A struct.</summary>
    Struct = 4, // BTF_KIND_STRUCT

    /// <summary>A union.</summary>
    Union = 5, // BTF_KIND_UNION

    /// <summary>An enumeration with values of at most 32 bits.</summary>
    Enum = 6, // BTF_KIND_ENUM

    /// <summary>A struct or union that is only declared.</summary>
    Forward = 7, // BTF_KIND_FWD

    /// <summary>Another name for a type.</summary>
    Typedef = 8, // BTF_KIND_TYPEDEF

    /// <summary>A volatile type.</summary>
    Volatile = 9, // BTF_KIND_VOLATILE

    /// <summary>A const type.</summary>
    Const = 10, // BTF_KIND_CONST

    /// <summary>A restrict pointer.</summary>
    Restrict = 11, // BTF_KIND_RESTRICT

    /// <summary>A function.</summary>
    Function = 12, // BTF_KIND_FUNC

    /// <summary>The types of a function's parameters and result.</summary>
    FunctionPrototype = 13, // BTF_KIND_FUNC_PROTO

    /// <summary>A variable.</summary>
    Variable = 14, // BTF_KIND_VAR

    /// <summary>A section with variables.</summary>
    DataSection = 15, // BTF_KIND_DATASEC

    /// <summary>A floating-point number.</summary>
    Float = 16, // BTF_KIND_FLOAT

    /// <summary>A remark about a declaration.</summary>
    DeclarationTag = 17, // BTF_KIND_DECL_TAG

    /// <summary>A remark about a type, which stands before it as a qualifier does.</summary>
    TypeTag = 18, // BTF_KIND_TYPE_TAG

    /// <summary>An enumeration with values of 64 bits.</summary>
    Enum64 = 19, // BTF_KIND_ENUM64
}
