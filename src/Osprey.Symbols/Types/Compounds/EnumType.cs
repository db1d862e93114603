namespace Osprey.Symbols.Types.Compounds;

/// <summary>An enumeration.</summary>
/// <param name="name">Its qualified name; null when it has none.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="isScoped">Whether it is an <c>enum class</c>.</param>
/// <param name="isSigned">Whether its values are signed.</param>
/// <param name="underlying">Reads the integer type that it is stored as.</param>
/// <param name="enumerators">Reads its names.</param>
/// <param name="isTag">Whether its name is a tag, as in C.</param>
public sealed class EnumType(
    string? name,
    ulong size,
    bool isScoped,
    bool isSigned,
    Func<DebugType?> underlying,
    Func<IReadOnlyList<Enumerator>> enumerators,
    bool isTag = false
) : DebugType
{
    private readonly Lazy<IReadOnlyList<Enumerator>> _enumerators = new(enumerators);
    private readonly Lazy<DebugType?> _underlying = new(underlying);

    /// <inheritdoc/>
    public override string? Name => name;

    /// <summary>Whether its name is a tag, as in C: a type's name only with <c>enum</c> before it.</summary>
    public bool IsTag => isTag && name is not null;

    /// <inheritdoc/>
    public override ulong? Size => size;

    /// <summary>Whether it is an <c>enum class</c>.</summary>
    public bool IsScoped => isScoped;

    /// <summary>Whether its values are signed.</summary>
    public bool IsSigned => isSigned;

    /// <summary>The integer type that it is stored as; null when the file does not say.</summary>
    public DebugType? Underlying => _underlying.Value;

    /// <summary>Its names, in the order of the source.</summary>
    public IReadOnlyList<Enumerator> Enumerators => _enumerators.Value;
}
