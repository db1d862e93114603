namespace Osprey.Symbols.Types.Btf;

/// <summary>A type as it stands in a BTF blob.</summary>
/// <param name="Blob">The blob that it stands in; null for <c>void</c>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="NameOffset">Offset of its name in the strings; 0 when it has none.</param>
/// <param name="Flag">
/// The kind's flag: of a struct that members tell the sizes of bit fields, of a declaration that it is a union's, of an
/// enumeration that it is signed.
/// </param>
/// <param name="Count">The number of parts: members, parameters, enumerators, variables.</param>
/// <param name="Value">Its size in bytes, or the number of the type that it refers to.</param>
/// <param name="Body">Offset in the blob of what follows.</param>
internal readonly record struct BtfRecord(
    BtfBlob? Blob,
    BtfKind Kind,
    uint NameOffset,
    bool Flag,
    int Count,
    uint Value,
    int Body
)
{
    /// <summary>True when <see cref="Value"/> is the number of another type.</summary>
    public bool HasTarget =>
        Kind
            is BtfKind.Pointer
                or BtfKind.Typedef
                or BtfKind.Volatile
                or BtfKind.Const
                or BtfKind.Restrict
                or BtfKind.Function
                or BtfKind.FunctionPrototype
                or BtfKind.Variable
                or BtfKind.DeclarationTag
                or BtfKind.TypeTag;

    /// <summary>True for a type that is as large as the one that it refers to.</summary>
    public bool IsLink =>
        Kind is BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag;

    /// <summary>The size of one part in bytes; 0 for kinds without parts.</summary>
    public int PartSize =>
        Kind switch
        {
            BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => 12,
            BtfKind.Enum or BtfKind.FunctionPrototype => 8,
            _ => 0,
        };

    /// <summary>The size of what follows the record's common part.</summary>
    public int BodySize =>
        Kind switch
        {
            BtfKind.Integer or BtfKind.Variable or BtfKind.DeclarationTag => 4,
            BtfKind.Array => 12,
            _ => PartSize * Count,
        };

    /// <summary>Reads a number of 4 bytes of a part, or of what follows a record without parts.</summary>
    /// <param name="part">The part, from 0.</param>
    /// <param name="field">The number's place in the part, from 0.</param>
    public uint Read(int part, int field) => Blob!.ReadUInt32(Body + (part * PartSize) + (field * 4));

    /// <summary>The bits of an integer.</summary>
    public BtfInteger ReadInteger() => new(Read(0, 0));

    /// <summary>The type of an array's elements, and their number.</summary>
    public (uint Element, uint Count) ReadArray() => (Read(0, 0), Read(0, 2));

    /// <summary>The value of an enumerator.</summary>
    /// <param name="part">The enumerator, from 0.</param>
    public long ReadEnumerator(int part)
    {
        uint low = Read(part, 1);
        if (Kind == BtfKind.Enum64)
            return unchecked((long)((ulong)Read(part, 2) << 32 | low));

        return IsSignedEnum ? unchecked((int)low) : low;
    }

    /// <summary>True for an enumeration whose values are signed.</summary>
    public bool IsSignedEnum => Flag || !Blob!.HasSignedFlags;
}
