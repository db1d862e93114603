namespace Osprey.Symbols.Types.Compounds;

/// <summary>An enumeration.</summary>
/// <param name="name">The qualified name; null when it has none.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="isScoped">True for an <c>enum class</c>.</param>
/// <param name="isSigned">True when its values are signed.</param>
/// <param name="underlying">Returns the integer type that it is stored as.</param>
/// <param name="enumerators">Returns its names.</param>
/// <param name="isTag">True when its name is a tag, as in C.</param>
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

    /// <summary>True when the name is a tag, as in C: it names the type only with <c>enum</c> before it.</summary>
    public bool IsTag => isTag && name is not null;

    /// <inheritdoc/>
    public override ulong? Size => size;

    /// <summary>True for an <c>enum class</c>.</summary>
    public bool IsScoped => isScoped;

    /// <summary>True when its values are signed.</summary>
    public bool IsSigned => isSigned;

    /// <summary>The integer type that it is stored as; null when the file does not name it.</summary>
    public DebugType? Underlying => _underlying.Value;

    /// <summary>Its names, in the order of the source.</summary>
    public IReadOnlyList<Enumerator> Enumerators => _enumerators.Value;
}
