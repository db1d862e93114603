namespace Osprey.Symbols.Types.Compounds;

/// <summary>A data member of a struct, class or union.</summary>
public sealed class Member(
    string? name,
    Func<DebugType> type,
    ulong offset,
    MemberBits? bits = null,
    bool isArtificial = false
)
{
    private readonly Lazy<DebugType> _type = new(type);

    /// <summary>Its name; null for an anonymous struct or union, whose members count as the outer one's.</summary>
    public string? Name => name;

    /// <summary>Its type.</summary>
    public DebugType Type => _type.Value;

    /// <summary>
    /// Bytes from the start of what holds it; of a bit field, those of the byte with its lowest bit (little-endian).
    /// </summary>
    public ulong Offset => offset;

    /// <summary>Which bits it takes; null for all of its bytes.</summary>
    public MemberBits? Bits => bits;

    /// <summary>Whether the compiler made it, such as the pointer to the table of virtual functions.</summary>
    public bool IsArtificial => isArtificial;
}
