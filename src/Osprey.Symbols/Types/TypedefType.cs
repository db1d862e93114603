namespace Osprey.Symbols.Types;

/// <summary>Another name for a type.</summary>
/// <param name="name">The name, qualified.</param>
/// <param name="target">Returns the type that it stands for; null for <c>void</c>.</param>
public sealed class TypedefType(string name, Func<DebugType?> target) : DebugType
{
    private readonly Lazy<DebugType?> _target = new(target);

    /// <summary>The type that it stands for; null for <c>void</c>.</summary>
    public DebugType? Target => _target.Value;

    /// <inheritdoc/>
    public override string? Name => name;

    /// <inheritdoc/>
    public override ulong? Size => Target?.Size;

    /// <inheritdoc/>
    public override DebugType Stripped => Target?.Stripped ?? this;
}
