namespace Osprey.Symbols.Types.Layout;

/// <summary>
/// The layout of a type in memory: its members with their places, the gaps between them, and the sums.
/// </summary>
/// <param name="Name">The type's name, as C++ writes it.</param>
/// <param name="Size">Its size in bytes; null when it is only declared.</param>
/// <param name="Rows">The rows, from the type's head to its end.</param>
/// <param name="MemberCount">Number of data members of the type itself, without those of its bases and parts.</param>
/// <param name="HoleBytes">Number of bytes in gaps between members of the type itself.</param>
/// <param name="HoleBits">Number of bits in gaps between its bit fields.</param>
/// <param name="PaddingBytes">Number of bytes behind its last member.</param>
public sealed record TypeLayout(
    string Name,
    ulong? Size,
    IReadOnlyList<LayoutRow> Rows,
    int MemberCount,
    ulong HoleBytes,
    ulong HoleBits,
    ulong PaddingBytes
)
{
    /// <summary>Describes a type.</summary>
    /// <param name="type">The type; for a typedef, the type behind it is described.</param>
    /// <param name="depth">
    /// The depth down to which named members are opened; bases and nameless members always are.
    /// </param>
    public static TypeLayout Of(DebugType type, int depth = 0) => new LayoutBuilder(depth).Build(type);
}
