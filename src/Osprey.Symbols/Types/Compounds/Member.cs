namespace Osprey.Symbols.Types.Compounds;

/// <summary>A data member of a struct, class or union.</summary>
/// <param name="name">The name; null for an anonymous struct or union.</param>
/// <param name="type">Returns the type.</param>
/// <param name="offset">Bytes from the start of the type that has the member.</param>
/// <param name="bits">The place of a bit field; null for all other members.</param>
/// <param name="isArtificial">True when the compiler made the member.</param>
public sealed class Member(
    string? name,
    Func<DebugType> type,
    ulong offset,
    MemberBits? bits = null,
    bool isArtificial = false
)
{
    private readonly Lazy<DebugType> _type = new(type);

    /// <summary>
    /// The name; null for an anonymous struct or union, whose members count as those of the type around it.
    /// </summary>
    public string? Name => name;

    /// <summary>The member's type.</summary>
    public DebugType Type => _type.Value;

    /// <summary>
    /// Bytes from the start of the type that has the member; for a bit field, to the byte with its lowest bit
    /// (little-endian).
    /// </summary>
    public ulong Offset => offset;

    /// <summary>The bits that it takes, for a bit field; null for all other members.</summary>
    public MemberBits? Bits => bits;

    /// <summary>
    /// True when the compiler made the member, such as the pointer to the table of virtual functions.
    /// </summary>
    public bool IsArtificial => isArtificial;
}
