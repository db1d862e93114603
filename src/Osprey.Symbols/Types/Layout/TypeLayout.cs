namespace Osprey.Symbols.Types.Layout;

/// <summary>
/// How a type lies in memory: its members with their places, what is between them, and what that adds up to.
/// </summary>
/// <param name="Name">The type's spelling.</param>
/// <param name="Size">Its size in bytes; null when it is only declared.</param>
/// <param name="Rows">From its head to its end.</param>
/// <param name="MemberCount">Data members of the type itself, without those of its bases and parts.</param>
/// <param name="HoleBytes">Bytes in holes of the type itself.</param>
/// <param name="HoleBits">Bits in holes between its bit fields.</param>
/// <param name="PaddingBytes">Bytes behind its last member.</param>
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
    /// <param name="type">The type; typedefs are looked through.</param>
    /// <param name="depth">How deep named members are taken apart; bases and nameless parts always are.</param>
    public static TypeLayout Of(DebugType type, int depth = 0) => new LayoutBuilder(depth).Build(type);
}
