using System.Globalization;

namespace Osprey.Symbols.Types.Layout;

/// <summary>
/// How a struct, class or union lies in memory: members and bases with offset and size, and the holes between. What is anonymous is
/// always opened up, since its members are the outer one's; other aggregates as deep as is asked for.
/// </summary>
public sealed class TypeLayout
{
    /// <summary>Most rows of one layout; types of damaged files could hold each other without end.</summary>
    private const int MaxRows = 100_000;

    private const int MaxDepth = 50;

    private readonly List<LayoutRow> _rows = [];
    private readonly int _depth;

    private TypeLayout(CompoundType type, int depth)
    {
        Type = type;
        _depth = depth;
    }

    /// <summary>The type.</summary>
    public CompoundType Type { get; }

    /// <summary>Its rows, front to back.</summary>
    public IReadOnlyList<LayoutRow> Rows => _rows;

    /// <summary>Bytes that members and bases do not take, holes and padding, of the outermost level; bits are left out.</summary>
    public ulong UnusedBytes { get; private set; }

    /// <summary>How many holes there are between members of the outermost level.</summary>
    public int HoleCount { get; private set; }

    /// <summary>Whether there would have been more rows than are kept.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Lays a type out.</summary>
    /// <param name="type">The type.</param>
    /// <param name="depth">How many levels of members and bases that are aggregates are opened up, 0 for none.</param>
    public static TypeLayout Create(CompoundType type, int depth = 0)
    {
        var layout = new TypeLayout(type, Math.Clamp(depth, 0, MaxDepth));
        layout.Add(type, 0, 0, 0);
        return layout;
    }

    /// <param name="type">What is laid out.</param>
    /// <param name="start">Bits from the start of the outermost type.</param>
    /// <param name="level">How many aggregates are around it.</param>
    /// <param name="opened">How many of them were opened because the user wants it.</param>
    private void Add(CompoundType type, ulong start, int level, int opened)
    {
        var parts = new List<Part>();
        foreach (BaseClass parent in type.Bases)
        {
            string prefix = parent.IsVirtual ? "virtual " : "";
            ulong? offset = parent.Offset;
            parts.Add(new Part(
                LayoutRowKind.Base, offset is null ? null : offset * 8, GetBits(parent.Type), false, parent.Type, null, $"{prefix}{TypeNames.Spell(parent.Type)}"));
        }

        foreach (Member member in type.Members)
        {
            ulong bit = unchecked((member.Offset * 8) + (ulong)(member.Bits?.Shift ?? 0));
            ulong? count = member.Bits is { } bits ? (ulong)bits.Count : GetBits(member.Type);
            string text = TypeNames.SpellDeclaration(member.Type, member.Name ?? "");
            parts.Add(new Part(LayoutRowKind.Member, bit, count, member.Bits is not null, member.Type, member.Name, member.Bits is { } field ? $"{text} : {field.Count.ToString(CultureInfo.InvariantCulture)}" : text));
        }

        // Debug info has them in the order of the source, which with bases is not that of memory.
        if (type.Kind != CompoundKind.Union)
            parts = [.. parts.OrderBy(part => part.Bit ?? ulong.MaxValue)];

        ulong end = 0;
        foreach (Part part in parts)
        {
            if (_rows.Count >= MaxRows)
            {
                IsCutShort = true;
                return;
            }

            bool isUnion = type.Kind == CompoundKind.Union;
            if (part.Bit is { } bit)
            {
                if (!isUnion && bit > end)
                    AddHole(LayoutRowKind.Hole, level, start, end, bit);

                // An empty base takes a byte of its own only where nothing else can lie.
                bool isEmptyBase = part.Kind == LayoutRowKind.Base && IsEmpty(part.Type);
                end = Math.Max(end, isEmptyBase ? bit : unchecked(bit + (part.BitCount ?? 0)));
            }

            AddPart(part, start, level, opened);
        }

        if (type.Size is { } size && unchecked(size * 8) > end && type.Kind != CompoundKind.Union && !IsEmpty(type))
            AddHole(LayoutRowKind.Padding, level, start, end, unchecked(size * 8));
    }

    private void AddPart(Part part, ulong start, int level, int opened)
    {
        ulong bit = unchecked(start + (part.Bit ?? 0));
        bool isAnonymous = part.Kind == LayoutRowKind.Member && part.Name is null;
        bool isOpened = part.Bit is not null && level < MaxDepth && part.Type.Stripped is CompoundType { IsDeclaration: false }
            && (isAnonymous || (part.Type.Stripped is CompoundType { Name: null }) || opened < _depth);
        if (!isOpened)
        {
            _rows.Add(new LayoutRow(part.Kind, level, bit, part.BitCount, part.IsBitField, part.Text));
            return;
        }

        var inner = (CompoundType)part.Type.Stripped;
        string keyword = inner.Kind.ToString().ToLowerInvariant();
        string head = inner.Name is { } name ? $"{keyword} {name}" : keyword;
        _rows.Add(new LayoutRow(LayoutRowKind.Open, level, bit, part.BitCount, false, part.Kind == LayoutRowKind.Base ? $"base {head}" : head));
        Add(inner, bit, level + 1, isAnonymous ? opened : opened + 1);
        _rows.Add(new LayoutRow(LayoutRowKind.Close, level, bit, part.BitCount, false, part.Name ?? ""));
    }

    private void AddHole(LayoutRowKind kind, int level, ulong start, ulong from, ulong to)
    {
        _rows.Add(new LayoutRow(kind, level, unchecked(start + from), to - from, from % 8 != 0 || to % 8 != 0, ""));
        if (level != 0)
            return;

        UnusedBytes = unchecked(UnusedBytes + ((to - from) / 8));
        HoleCount += kind == LayoutRowKind.Hole ? 1 : 0;
    }

    private static ulong? GetBits(DebugType type) => type.Size is { } size && size <= ulong.MaxValue / 8 ? size * 8 : null;

    private static bool IsEmpty(DebugType type) =>
        type.Stripped is CompoundType { IsDeclaration: false, Members.Count: 0 } compound && compound.Bases.All(parent => parent.Type != type && IsEmptyShallow(parent.Type));

    private static bool IsEmptyShallow(DebugType type) => type.Stripped is CompoundType { Members.Count: 0, Bases.Count: 0 };

    private sealed record Part(LayoutRowKind Kind, ulong? Bit, ulong? BitCount, bool IsBitField, DebugType Type, string? Name, string Text);
}
