namespace Osprey.Symbols.Types;

/// <summary>A type with one qualifier before it.</summary>
/// <param name="qualifier">The qualifier, such as "const".</param>
/// <param name="target">Returns the type that is qualified; null for <c>void</c>.</param>
public sealed class QualifiedType(string qualifier, Func<DebugType?> target) : DebugType
{
    private readonly Lazy<DebugType?> _target = new(target);

    /// <summary>The qualifier: "const", "volatile", "restrict" or "_Atomic".</summary>
    public string Qualifier => qualifier;

    /// <summary>The type that is qualified; null for <c>void</c>.</summary>
    public DebugType? Target => _target.Value;

    /// <inheritdoc/>
    public override string? Name => null;

    /// <inheritdoc/>
    public override ulong? Size => Target?.Size;

    /// <inheritdoc/>
    public override DebugType Stripped => Target?.Stripped ?? this;
}
