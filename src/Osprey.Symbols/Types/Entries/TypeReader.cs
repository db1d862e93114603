using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Entries;

/// <summary>
/// Creates types from entries. The types that a type refers to are read when they are asked for, so a long chain of
/// types, or a circle, costs nothing here.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TypeReader
{
    private const byte DefaultIsSigned = (byte)BaseEncoding.Signed;

    private readonly DebugEntries _entries;
    private readonly Func<Entry, DebugType?> _complete;
    private readonly CompoundReader _compounds;
    private readonly ArrayTypeReader _arrays;

    /// <param name="entries">The file's entries.</param>
    /// <param name="complete">
    /// Finds the complete type for an entry that is only a declaration; null when there is none.
    /// </param>
    /// <param name="findDefinition">Finds the definition of a static member by its qualified name.</param>
    public TypeReader(
        DebugEntries entries,
        Func<Entry, DebugType?> complete,
        Func<string, VariableLocation?> findDefinition
    )
    {
        _entries = entries;
        _complete = complete;
        _arrays = new ArrayTypeReader(entries, this);
        _compounds = new CompoundReader(entries, this, findDefinition);
        entries.SpellArguments = _compounds.SpellArguments;
    }

    /// <summary>
    /// Reads the type that a <c>DW_AT_type</c> refers to; null when there is no such attribute, which means
    /// <c>void</c>.
    /// </summary>
    public DebugType? Read(UnitEntries unit, in AttributeValue reference)
    {
        if (reference.Form == DwarfForm.None)
            return null;

        try
        {
            return _entries.Follow(unit, reference) is { } entry ? Read(entry) : UnspecifiedType.Unknown;
        }
        catch (BadDataException e)
        {
            _entries.Report(e.Message);
            return UnspecifiedType.Unknown;
        }
    }

    /// <summary>
    /// Reads the type that a <c>DW_AT_type</c> refers to, in a place where <c>void</c> is not possible.
    /// </summary>
    public DebugType ReadObject(UnitEntries unit, in AttributeValue reference) =>
        Read(unit, reference) ?? UnspecifiedType.Unknown;

    /// <summary>
    /// Reads the type that a <c>DW_AT_type</c> refers to, for types whose size is that of the type they refer to. A
    /// circle of such types is reported, and gives the unknown type.
    /// </summary>
    public DebugType? ReadLink(UnitEntries unit, in AttributeValue reference)
    {
        try
        {
            UnitEntries current = unit;
            AttributeValue next = reference;
            for (int links = 0; next.Form != DwarfForm.None; links++)
            {
                if (links >= DebugEntries.MaxTypeChain)
                    throw new BadDataException(
                        ".debug_info",
                        unchecked((long)reference.Bits),
                        $"a circle of types, or more than {links} in a row"
                    );

                if (
                    _entries.Follow(current, next) is not { } entry
                    || !entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes)
                )
                    break;

                if (!IsLink(attributes.Tag))
                    break;

                current = entry.Unit;
                next = attributes.Type;
            }
        }
        catch (BadDataException e)
        {
            _entries.Report(e.Message);
            return UnspecifiedType.Unknown;
        }

        return Read(unit, reference);
    }

    /// <summary>Returns the type that an entry describes; the unknown one when it does not describe any.</summary>
    /// <exception cref="BadDataException">The entry is malformed.</exception>
    public DebugType Read(Entry entry)
    {
        if (entry.Unit.FindType(entry.Offset) is { } known)
            return known;

        DebugType type = entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes)
            ? Make(entry, attributes)
            : UnspecifiedType.Unknown;
        return entry.Unit.AddType(entry.Offset, type);
    }

    /// <summary>Returns a value as a number; null when it is not there, or not a plain number.</summary>
    public static ulong? GetNumber(in AttributeValue value) => value.IsConstant ? value.Bits : null;

    /// <summary>True when a type of that tag is as large as the one that it refers to, or a multiple of it.</summary>
    internal static bool IsLink(DwarfTag tag) =>
        tag
            is DwarfTag.Typedef
                or DwarfTag.TemplateAlias
                or DwarfTag.ConstType
                or DwarfTag.VolatileType
                or DwarfTag.RestrictType
                or DwarfTag.AtomicType
                or DwarfTag.PackedType
                or DwarfTag.ArrayType
                or DwarfTag.SubrangeType;

    private DebugType Make(Entry entry, EntryAttributes attributes)
    {
        UnitEntries unit = entry.Unit;
        AttributeValue target = attributes.Type;
        switch (attributes.Tag)
        {
            case DwarfTag.BaseType:
                ulong size = GetNumber(attributes.ByteSize) ?? ((GetNumber(attributes.BitSize) ?? 0) + 7) / 8;
                return new BaseType(
                    GetText(unit, attributes.Name),
                    size,
                    (BaseEncoding)(GetNumber(attributes.Encoding) ?? DefaultIsSigned)
                );
            case DwarfTag.UnspecifiedType:
                string text = GetText(unit, attributes.Name);

                // The type of nullptr is a pointer that is always null; it is read as one.
                if (text is "decltype(nullptr)" or "std::nullptr_t" or "nullptr_t")
                {
                    var pointer = new PointerType(PointerKind.Pointer, () => null, unit.Unit.Encoding.AddressSize);
                    return new TypedefType(text, () => pointer);
                }

                return new UnspecifiedType(text, GetNumber(attributes.ByteSize));
            case DwarfTag.StructureType or DwarfTag.ClassType or DwarfTag.UnionType or DwarfTag.InterfaceType:
                return FindComplete(entry, attributes) ?? MakeCompound(entry, attributes);
            case DwarfTag.EnumerationType:
                return FindComplete(entry, attributes) ?? MakeEnum(entry, attributes);
            case DwarfTag.Typedef or DwarfTag.TemplateAlias:
                return new TypedefType(_entries.GetQualifiedName(entry) ?? "", () => ReadLink(unit, target));
            case DwarfTag.ConstType:
                return new QualifiedType("const", () => ReadLink(unit, target));
            case DwarfTag.VolatileType:
                return new QualifiedType("volatile", () => ReadLink(unit, target));
            case DwarfTag.RestrictType:
                return new QualifiedType("restrict", () => ReadLink(unit, target));
            case DwarfTag.AtomicType:
                return new QualifiedType("_Atomic", () => ReadLink(unit, target));
            case DwarfTag.PackedType or DwarfTag.SubrangeType:
                return ReadLink(unit, target) ?? UnspecifiedType.Unknown;
            case DwarfTag.PointerType:
                return MakePointer(PointerKind.Pointer, unit, attributes);
            case DwarfTag.ReferenceType:
                return MakePointer(PointerKind.Reference, unit, attributes);
            case DwarfTag.RvalueReferenceType:
                return MakePointer(PointerKind.RvalueReference, unit, attributes);
            case DwarfTag.MemberPointerType:
                AttributeValue container = attributes.ContainingType;
                return new PointerType(
                    PointerKind.MemberPointer,
                    () => Read(unit, target),
                    GetNumber(attributes.ByteSize) ?? GetMemberPointerSize(unit, target),
                    () => Read(unit, container)
                );
            case DwarfTag.ArrayType:
                return _arrays.Read(entry, attributes);
            case DwarfTag.SubroutineType or DwarfTag.Subprogram:
                return MakeFunction(entry, attributes);
            default:
                string? name = attributes.HasName ? _entries.GetQualifiedName(entry) : null;
                return new UnspecifiedType(name, GetNumber(attributes.ByteSize));
        }
    }

    /// <summary>
    /// Finds the complete type of a declaration: in its type unit, or wherever the file has it. Null when there is
    /// none.
    /// </summary>
    private DebugType? FindComplete(Entry entry, EntryAttributes attributes)
    {
        if (attributes.Signature.Form != DwarfForm.None)
        {
            if (
                _entries.Follow(entry.Unit, attributes.Signature) is { } whole
                && whole.Offset != entry.Offset
                && whole.Unit.TryRead(whole.Offset, out EntryAttributes? held)
                && held.Signature.Form == DwarfForm.None
            )
            {
                return Read(whole);
            }
        }

        return attributes.IsDeclaration ? _complete(entry) : null;
    }

    private CompoundType MakeCompound(Entry entry, EntryAttributes attributes)
    {
        CompoundKind kind = attributes.Tag switch
        {
            DwarfTag.UnionType => CompoundKind.Union,
            DwarfTag.StructureType => CompoundKind.Struct,
            _ => CompoundKind.Class,
        };
        ulong? size = attributes.IsDeclaration ? null : GetNumber(attributes.ByteSize) ?? 0;
        return new CompoundType(
            kind,
            _entries.GetQualifiedName(entry),
            size,
            () => _compounds.Read(entry),
            entry.Unit.IsC
        );
    }

    private EnumType MakeEnum(Entry entry, EntryAttributes attributes)
    {
        UnitEntries unit = entry.Unit;
        AttributeValue target = attributes.Type;
        var values = new List<(string Name, AttributeValue Value)>();
        if (attributes.HasChildren && unit.TryOpen(entry.Offset, out DieCursor cursor))
        {
            while (cursor.MoveNext())
            {
                if (cursor.Depth != 1 || cursor.Tag != DwarfTag.Enumerator)
                    continue;

                EntryAttributes.Read(ref cursor, out EntryAttributes item);
                if (item.HasName)
                    values.Add((unit.Unit.GetString(item.Name), item.Constant));
            }
        }

        ulong size = GetNumber(attributes.ByteSize) ?? Read(unit, target)?.Size ?? 4;
        bool isSigned = GetNumber(attributes.Encoding) is { } encoding
            ? encoding is (ulong)BaseEncoding.Signed or (ulong)BaseEncoding.SignedChar
            : IsSigned(unit, target)
                ?? values.Exists(item =>
                    item.Value.Form is DwarfForm.SignedData or DwarfForm.ImplicitConstant
                    && unchecked((long)item.Value.Bits) < 0
                );
        var enumerators = new Enumerator[values.Count];
        for (int i = 0; i < enumerators.Length; i++)
            enumerators[i] = new Enumerator(values[i].Name, ConstantReader.ToInt64(values[i].Value, isSigned, size));

        return new EnumType(
            _entries.GetQualifiedName(entry),
            size,
            attributes.IsEnumClass,
            isSigned,
            () => ReadLink(unit, target),
            () => enumerators,
            unit.IsC
        );
    }

    /// <summary>True when the integer type that a value refers to is signed; null when there is none.</summary>
    private bool? IsSigned(UnitEntries unit, in AttributeValue reference) =>
        ReadLink(unit, reference)?.Stripped is BaseType type
            ? type.Encoding is BaseEncoding.Signed or BaseEncoding.SignedChar
            : null;

    private PointerType MakePointer(PointerKind kind, UnitEntries unit, EntryAttributes attributes)
    {
        AttributeValue target = attributes.Type;
        return new PointerType(
            kind,
            () => Read(unit, target),
            GetNumber(attributes.ByteSize) ?? unit.Unit.Encoding.AddressSize
        );
    }

    /// <summary>
    /// Returns the size of a pointer to a member: two words for a function, one for data, as in the Itanium C++ ABI.
    /// </summary>
    private ulong GetMemberPointerSize(UnitEntries unit, in AttributeValue target)
    {
        bool isFunction =
            _entries.Follow(unit, target) is { } entry
            && entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes)
            && attributes.Tag == DwarfTag.SubroutineType;
        return (ulong)unit.Unit.Encoding.AddressSize * (isFunction ? 2u : 1u);
    }

    private FunctionType MakeFunction(Entry entry, EntryAttributes attributes)
    {
        UnitEntries unit = entry.Unit;
        AttributeValue result = attributes.Type;
        var parameters = new List<AttributeValue>();
        bool isVariadic = false;
        if (attributes.HasChildren && unit.TryOpen(entry.Offset, out DieCursor cursor))
        {
            while (cursor.MoveNext())
            {
                if (cursor.Depth != 1)
                    continue;

                if (cursor.Tag == DwarfTag.UnspecifiedParameters)
                    isVariadic = true;

                if (cursor.Tag != DwarfTag.FormalParameter)
                    continue;

                EntryAttributes.Read(ref cursor, out EntryAttributes parameter);
                parameters.Add(parameter.Type);
            }
        }

        return new FunctionType(
            () => Read(unit, result),
            () => parameters.ConvertAll(parameter => Read(unit, parameter)),
            isVariadic
        );
    }

    private static string GetText(UnitEntries unit, in AttributeValue name) =>
        name.Form == DwarfForm.None ? "" : unit.Unit.GetString(name);
}
