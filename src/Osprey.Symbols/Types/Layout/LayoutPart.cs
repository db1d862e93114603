using Osprey.Symbols.Types.Compounds;

namespace Osprey.Symbols.Types.Layout;

/// <summary>A base or member and its place, counted in bits from the start of its class.</summary>
/// <param name="Start">Number of the first bit.</param>
/// <param name="Length">Number of bits; 0 for an empty base, which takes no room.</param>
/// <param name="Base">The base; null for a member.</param>
/// <param name="Member">The member; null for a base.</param>
internal sealed record LayoutPart(ulong Start, ulong Length, BaseClass? Base, Member? Member)
{
    /// <summary>Describes a base.</summary>
    public static LayoutPart Of(BaseClass item) =>
        new(Saturate(item.Offset ?? 0), IsEmpty(item.Type) ? 0 : Saturate(item.Type.Size ?? 0), item, null);

    /// <summary>Describes a member.</summary>
    public static LayoutPart Of(Member item)
    {
        ulong start = Saturate(item.Offset);
        return item.Bits is { } bits
            ? new LayoutPart(start + (ulong)bits.Shift, (ulong)bits.Count, null, item)
            : new LayoutPart(start, Saturate(item.Type.Size ?? 0), null, item);
    }

    /// <summary>
    /// Converts bytes to bits. Numbers that only a damaged file has become the highest one that leaves room to add two.
    /// </summary>
    public static ulong Saturate(ulong bytes) => Math.Min(bytes, ulong.MaxValue / 64) * 8;

    private static bool IsEmpty(DebugType type) =>
        type.Stripped is CompoundType { Members.Count: 0 } item
        && item.Bases.All(one => !one.IsVirtual && IsEmpty(one.Type));
}
