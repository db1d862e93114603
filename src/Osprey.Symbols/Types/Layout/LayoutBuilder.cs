using System.Globalization;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Layout;

/// <summary>Builds the rows of one type's layout.</summary>
/// <param name="expandDepth">The depth down to which named members are opened.</param>
internal sealed class LayoutBuilder(int expandDepth)
{
    private const int MaxDepth = 64;
    private const int MaxRows = 100_000;

    private readonly List<LayoutRow> _rows = [];
    private ulong _holeBytes;
    private ulong _holeBits;
    private ulong _paddingBytes;
    private int _members;

    /// <summary>Builds the layout of a type.</summary>
    public TypeLayout Build(DebugType type)
    {
        string name = TypeNames.Spell(type);
        switch (type.Stripped)
        {
            case CompoundType compound:
                _members = compound.Members.Count;
                Add(
                    LayoutRowKind.Open,
                    0,
                    0,
                    compound.Size,
                    null,
                    $"{compound.Keyword} {(compound.Name is null ? "" : compound.Name + " ")}{{"
                );
                AddParts(compound, 0, 1);
                foreach (DebugVariable item in compound.Body.Statics)
                    Add(
                        LayoutRowKind.Static,
                        1,
                        null,
                        null,
                        null,
                        $"static {TypeNames.SpellDeclaration(item.Type, GetLast(item.Name))};"
                    );

                Add(LayoutRowKind.Close, 0, null, compound.Size, null, "}");
                break;
            case EnumType item:
                string underlying = item.Underlying is { } integer ? $" : {TypeNames.Spell(integer)}" : "";
                Add(
                    LayoutRowKind.Open,
                    0,
                    0,
                    item.Size,
                    null,
                    $"enum {(item.IsScoped ? "class " : "")}{(item.Name is null ? "" : item.Name)}{underlying} {{"
                );
                foreach (Enumerator one in item.Enumerators)
                {
                    string value = item.IsSigned
                        ? one.Value.ToString(CultureInfo.InvariantCulture)
                        : unchecked((ulong)one.Value).ToString(CultureInfo.InvariantCulture);
                    Add(LayoutRowKind.Enumerator, 1, null, null, null, $"{one.Name} = {value},");
                }

                Add(LayoutRowKind.Close, 0, null, item.Size, null, "}");
                break;
            default:
                Add(LayoutRowKind.Member, 0, 0, type.Size, null, $"{TypeNames.Spell(type.Stripped)};");
                break;
        }

        return new TypeLayout(name, type.Size, _rows, _members, _holeBytes, _holeBits, _paddingBytes);
    }

    /// <summary>
    /// Returns the text that opens a struct within another one. Before a typedef's name stands the keyword of the type
    /// behind it.
    /// </summary>
    private static string GetHead(DebugType type, CompoundType compound)
    {
        string spelled = TypeNames.Spell(type);
        return compound.Name is null && ReferenceEquals(type, compound) ? compound.Keyword
            : spelled.Contains(compound.Keyword + " ", StringComparison.Ordinal) ? spelled
            : $"{compound.Keyword} {spelled}";
    }

    private static string GetLast(string name) =>
        name[(name.LastIndexOf("::", StringComparison.Ordinal) is >= 0 and int at ? at + 2 : 0)..];

    private void Add(LayoutRowKind kind, int depth, ulong? offset, ulong? size, MemberBits? bits, string text)
    {
        if (_rows.Count < MaxRows)
            _rows.Add(new LayoutRow(kind, depth, offset, size, bits, text));
    }

    /// <summary>Adds bases and members in the order of their places, and the gaps between them.</summary>
    private void AddParts(CompoundType type, ulong start, int depth)
    {
        bool isUnion = type.Kind == CompoundKind.Union;
        bool hasVirtual = false;
        var parts = new List<LayoutPart>();
        foreach (BaseClass item in type.Bases)
        {
            hasVirtual |= item.IsVirtual;
            if (!item.IsVirtual)
                parts.Add(LayoutPart.Of(item));
        }

        foreach (Member item in type.Members)
            parts.Add(LayoutPart.Of(item));

        ulong end = 0;
        IEnumerable<LayoutPart> ordered = isUnion ? parts : parts.OrderBy(part => part.Start);
        foreach (LayoutPart part in ordered)
        {
            if (!isUnion && part.Length > 0)
                AddGap(end, part.Start, start, depth);

            AddPart(part, start, depth);
            end = Math.Max(end, part.Start + part.Length);
        }

        foreach (BaseClass item in type.Bases)
        {
            if (item.IsVirtual)
                Add(LayoutRowKind.Base, depth, null, item.Type.Size, null, $"virtual {TypeNames.Spell(item.Type)};");
        }

        // Virtual bases are behind the members, at places that only the object knows.
        if (!hasVirtual && type.Size is { } size && type.Members.Count + type.Bases.Count > 0)
            AddPadding(end, LayoutPart.Saturate(size), start, depth);
    }

    private void AddPart(LayoutPart part, ulong start, int depth)
    {
        DebugType type = part.Base?.Type ?? part.Member!.Type;
        ulong offset = unchecked(start + (part.Start / 8));
        MemberBits? bits = part.Member?.Bits;
        bool isNameless = part.Member is { Name: null };
        bool isOpen =
            type.Stripped is CompoundType { IsDeclaration: false }
            && depth < MaxDepth
            && (part.Base is not null || isNameless || depth <= expandDepth || type is CompoundType { Name: null });
        string tail = bits is { } field ? $" : {field.Count.ToString(CultureInfo.InvariantCulture)}" : "";
        string text = part.Base is not null
            ? TypeNames.Spell(type)
            : TypeNames.SpellDeclaration(type, part.Member!.Name ?? "") + tail;
        LayoutRowKind kind = part.Base is not null ? LayoutRowKind.Base : LayoutRowKind.Member;
        if (!isOpen || type.Stripped is not CompoundType compound)
        {
            Add(kind, depth, offset, type.Size, bits, text + ";");
            return;
        }

        string head = part.Base is not null ? TypeNames.Spell(type) : GetHead(type, compound);
        Add(kind, depth, offset, type.Size, bits, head + " {");
        AddParts(compound, offset, depth + 1);
        Add(LayoutRowKind.Close, depth, null, type.Size, null, part.Member?.Name is { } name ? $"}} {name};" : "};");
    }

    /// <summary>
    /// Adds the gap between two members: bits up to a whole byte, bytes, and bits before a bit field.
    /// </summary>
    private void AddGap(ulong end, ulong next, ulong start, int depth)
    {
        if (next <= end)
            return;

        ulong wholeFrom = Math.Min((end + 7) / 8 * 8, next);
        ulong wholeTo = Math.Max(next / 8 * 8, wholeFrom);
        AddBitHole(end, wholeFrom - end, start, depth);
        if (wholeTo > wholeFrom)
        {
            ulong bytes = (wholeTo - wholeFrom) / 8;
            _holeBytes += depth == 1 ? bytes : 0;
            Add(
                LayoutRowKind.Hole,
                depth,
                unchecked(start + (wholeFrom / 8)),
                bytes,
                null,
                $"XXX {bytes.ToString(CultureInfo.InvariantCulture)}-byte hole"
            );
        }

        AddBitHole(wholeTo, next - wholeTo, start, depth);
    }

    private void AddBitHole(ulong from, ulong count, ulong start, int depth)
    {
        if (count == 0)
            return;

        _holeBits += depth == 1 ? count : 0;
        Add(
            LayoutRowKind.BitHole,
            depth,
            unchecked(start + (from / 8)),
            count,
            null,
            $"XXX {count.ToString(CultureInfo.InvariantCulture)}-bit hole"
        );
    }

    private void AddPadding(ulong end, ulong size, ulong start, int depth)
    {
        ulong whole = (end + 7) / 8 * 8;
        if (size <= end)
            return;

        if (whole > end)
            Add(
                LayoutRowKind.BitHole,
                depth,
                unchecked(start + (end / 8)),
                Math.Min(whole, size) - end,
                null,
                $"XXX {(Math.Min(whole, size) - end).ToString(CultureInfo.InvariantCulture)}-bit padding"
            );

        if (size <= whole)
            return;

        ulong bytes = (size - whole) / 8;
        _paddingBytes += depth == 1 ? bytes : 0;
        Add(
            LayoutRowKind.Padding,
            depth,
            unchecked(start + (whole / 8)),
            bytes,
            null,
            $"XXX {bytes.ToString(CultureInfo.InvariantCulture)}-byte padding"
        );
    }
}
