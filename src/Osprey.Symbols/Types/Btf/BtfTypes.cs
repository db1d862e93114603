using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Entries;

namespace Osprey.Symbols.Types.Btf;

/// <summary>Makes types of the records of a BTF blob, each when it is first asked for.</summary>
/// <remarks>Thread-safe. One record gives one object.</remarks>
/// <param name="blob">The blob.</param>
/// <param name="parent">The types of the blob that it continues; null when it continues none.</param>
/// <param name="complete">
/// Finds the definition of a struct or union that is only declared, by keyword and name; null when there is none.
/// </param>
internal sealed class BtfTypes(BtfBlob blob, BtfTypes? parent, Func<string, string, DebugType?> complete)
{
    /// <summary>Size of a pointer. BTF does not tell it; all kernels that are looked into have this one.</summary>
    public const ulong AddressSize = 8;

    private const int MaxTypeChain = DebugEntries.MaxTypeChain;

    private readonly DebugType?[] _types = new DebugType?[blob.EndType - blob.FirstType];

    /// <summary>Gets a type by number; null for <c>void</c>.</summary>
    public DebugType? Get(uint number)
    {
        if (number == 0)
            return null;

        if (number < (uint)blob.FirstType)
            return parent!.Get(number);

        ref DebugType? place = ref _types[(int)number - blob.FirstType];
        if (Volatile.Read(ref place) is { } known)
            return known;

        DebugType? made = Make(blob.Get((int)number));
        return made is null ? null : Interlocked.CompareExchange(ref place, made, null) ?? made;
    }

    /// <summary>Gets a type in a place where <c>void</c> is not possible.</summary>
    public DebugType GetObject(uint number) => Get(number) ?? UnspecifiedType.Unknown;

    /// <summary>
    /// Gets a type for one whose size is that of the type it refers to. A circle of such types gives the unknown type.
    /// </summary>
    public DebugType? GetLink(uint number)
    {
        uint next = number;
        for (int links = 0; links < MaxTypeChain; links++)
        {
            BtfRecord record = blob.Get((int)next);
            if (record.Kind == BtfKind.Array)
                next = record.ReadArray().Element;
            else if (record.IsLink)
                next = record.Value;
            else
                return Get(number);
        }

        return UnspecifiedType.Unknown;
    }

    private DebugType? Make(BtfRecord record)
    {
        uint target = record.Value;
        switch (record.Kind)
        {
            case BtfKind.Integer:
                return MakeInteger(record);
            case BtfKind.Float:
                return new BaseType(GetName(record), record.Value, BaseEncoding.Float);
            case BtfKind.Pointer:
                return new PointerType(PointerKind.Pointer, () => Get(target), AddressSize);
            case BtfKind.Array:
                (uint element, uint count) = record.ReadArray();
                return new ArrayType(() => GetLink(element) ?? UnspecifiedType.Unknown, count);
            case BtfKind.Struct or BtfKind.Union:
                return new CompoundType(
                    record.Kind == BtfKind.Union ? CompoundKind.Union : CompoundKind.Struct,
                    blob.GetName(record.NameOffset),
                    record.Value,
                    () => new BtfMembers(blob, this).Read(record),
                    isTag: true
                );
            case BtfKind.Forward:
                CompoundKind kind = record.Flag ? CompoundKind.Union : CompoundKind.Struct;
                string? name = blob.GetName(record.NameOffset);
                return (name is null ? null : complete(record.Flag ? "union" : "struct", name))
                    ?? new CompoundType(kind, name, null, () => CompoundBody.Empty, isTag: true);
            case BtfKind.Enum or BtfKind.Enum64:
                return new EnumType(
                    blob.GetName(record.NameOffset),
                    record.Value,
                    isScoped: false,
                    record.IsSignedEnum,
                    () => null,
                    () => ReadEnumerators(record),
                    isTag: true
                );
            case BtfKind.Typedef:
                return new TypedefType(GetName(record), () => GetLink(target));
            case BtfKind.Volatile:
                return new QualifiedType("volatile", () => GetLink(target));
            case BtfKind.Const:
                return new QualifiedType("const", () => GetLink(target));
            case BtfKind.Restrict:
                return new QualifiedType("restrict", () => GetLink(target));
            case BtfKind.TypeTag:
                // Such as "user" for a pointer to a program's memory; DWARF's types have no such remark.
                return GetTagged(target);
            case BtfKind.FunctionPrototype:
                return MakeFunction(record);
            case BtfKind.Function or BtfKind.Variable:
                return GetTagged(target);
            default:
                return UnspecifiedType.Unknown;
        }
    }

    /// <summary>Gets the type behind remarks; the unknown one for a circle of them.</summary>
    private DebugType? GetTagged(uint target)
    {
        for (int links = 0; links < MaxTypeChain; links++)
        {
            BtfRecord record = blob.Get((int)target);
            if (record.Kind is not (BtfKind.TypeTag or BtfKind.Function or BtfKind.Variable))
                return Get(target);

            target = record.Value;
        }

        return UnspecifiedType.Unknown;
    }

    private BaseType MakeInteger(BtfRecord record)
    {
        BtfInteger integer = record.ReadInteger();
        string name = GetName(record);

        // A character is marked only by its name: compilers of BTF leave the mark for characters out.
        bool isCharacter =
            record.Value == 1 && (integer.IsCharacter || name is "char" or "signed char" or "unsigned char");
        BaseEncoding encoding = integer switch
        {
            { IsBoolean: true } => BaseEncoding.Boolean,
            { IsSigned: true } => isCharacter ? BaseEncoding.SignedChar : BaseEncoding.Signed,
            _ => isCharacter ? BaseEncoding.UnsignedChar : BaseEncoding.Unsigned,
        };
        return new BaseType(name, record.Value, encoding);
    }

    private FunctionType MakeFunction(BtfRecord record)
    {
        // More arguments can follow where the last parameter has neither a name nor a type.
        int last = record.Count - 1;
        bool isVariadic = last >= 0 && record.Read(last, 0) == 0 && record.Read(last, 1) == 0;
        int count = record.Count - (isVariadic ? 1 : 0);
        return new FunctionType(
            () => Get(record.Value),
            () =>
            {
                var parameters = new DebugType?[count];
                for (int i = 0; i < count; i++)
                    parameters[i] = Get(record.Read(i, 1));

                return parameters;
            },
            isVariadic
        );
    }

    private Enumerator[] ReadEnumerators(BtfRecord record)
    {
        var enumerators = new Enumerator[record.Count];
        for (int i = 0; i < enumerators.Length; i++)
        {
            string name = blob.GetName(record.Read(i, 0)) ?? "";
            enumerators[i] = new Enumerator(name, record.ReadEnumerator(i));
        }

        return enumerators;
    }

    private string GetName(BtfRecord record) => blob.GetName(record.NameOffset) ?? "";
}
