namespace Osprey.Symbols.Types;

/// <summary>An enumeration.</summary>
public sealed class EnumType(string? name, ulong size, bool isScoped, bool isSigned, Func<DebugType?> underlying, Func<IReadOnlyList<Enumerator>> enumerators) : DebugType
{
    private readonly Lazy<IReadOnlyList<Enumerator>> _enumerators = new(enumerators);
    private readonly Lazy<DebugType?> _underlying = new(underlying);

    /// <inheritdoc/>
    public override string? Name => name;

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
