using Osprey.Symbols.Types.Compounds;

namespace Osprey.Symbols.Types.Layout;

/// <summary>A row of a type's layout.</summary>
/// <param name="Kind">The kind of row.</param>
/// <param name="Depth">Level of nesting; 0 for the type itself.</param>
/// <param name="Offset">
/// Bytes from the start of the outermost type; null when the row has no place, or its place is not known.
/// </param>
/// <param name="Size">
/// Size in bytes, for a <see cref="LayoutRowKind.BitHole"/> in bits; null when it is not known.
/// </param>
/// <param name="Bits">The place of a bit field in the byte at its offset; null for all others.</param>
/// <param name="Text">The declaration, or the text about a gap.</param>
public sealed record LayoutRow(
    LayoutRowKind Kind,
    int Depth,
    ulong? Offset,
    ulong? Size,
    MemberBits? Bits,
    string Text
);
