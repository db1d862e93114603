namespace Osprey.Symbols.Types;

/// <summary>A pointer or reference.</summary>
/// <param name="kind">The kind.</param>
/// <param name="target">Returns the type that it points to; null for <c>void</c>.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="container">Returns the class of a pointer to a member; null for all other pointers.</param>
public sealed class PointerType(
    PointerKind kind,
    Func<DebugType?> target,
    ulong size,
    Func<DebugType?>? container = null
) : DebugType
{
    private readonly Lazy<DebugType?>? _container = container is null ? null : new(container);
    private readonly Lazy<DebugType?> _target = new(target);

    /// <summary>The kind of pointer.</summary>
    public PointerKind Kind => kind;

    /// <summary>The type that it points to; null for <c>void</c>.</summary>
    public DebugType? Target => _target.Value;

    /// <summary>The class of a pointer to a member; null for all other pointers.</summary>
    public DebugType? Container => _container?.Value;

    /// <inheritdoc/>
    public override string? Name => null;

    /// <inheritdoc/>
    public override ulong? Size => size;
}
