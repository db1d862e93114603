using Osprey.Symbols.Types.Compounds;

namespace Osprey.Symbols.Types.Layout;

/// <summary>One row of a type's layout.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Depth">How deep it stands in nested parts; 0 for the type itself.</param>
/// <param name="Offset">
/// Bytes from the start of the outermost type; null for what has no place, or none that is known.
/// </param>
/// <param name="Size">Bytes that it takes, of a hole in bits the bits; null when that is not known.</param>
/// <param name="Bits">The place of a bit field in the byte at its offset.</param>
/// <param name="Text">The declaration, or what the row says; empty for the end of a part.</param>
public sealed record LayoutRow(
    LayoutRowKind Kind,
    int Depth,
    ulong? Offset,
    ulong? Size,
    MemberBits? Bits,
    string Text
);
