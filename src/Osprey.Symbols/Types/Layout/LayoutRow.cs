namespace Osprey.Symbols.Types.Layout;

/// <summary>One row of a type's layout.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Depth">How many aggregates it is in, 0 for the outermost members.</param>
/// <param name="Bit">Bits from the start of the type: 8 times the offset in bytes, where it starts with one.</param>
/// <param name="BitCount">How many bits it takes; null when its size is not known.</param>
/// <param name="IsBitField">Whether it is a bit field, so that single bits are to be shown.</param>
/// <param name="Text">The declaration of a member or base; what stands before the brace of an aggregate, or behind it; empty for holes.</param>
public sealed record LayoutRow(LayoutRowKind Kind, int Depth, ulong Bit, ulong? BitCount, bool IsBitField, string Text)
{
    /// <summary>Bytes from the start of the type.</summary>
    public ulong Offset => Bit / 8;

    /// <summary>Its size in bytes, rounded up; null when not known.</summary>
    public ulong? Size => BitCount is { } bits ? (bits / 8) + (bits % 8 == 0 ? 0UL : 1) : null;
}
