namespace Osprey.Symbols.Types;

/// <summary>A pointer or reference.</summary>
/// <param name="kind">Which of these.</param>
/// <param name="target">Gives what it points to; null for <c>void</c>.</param>
/// <param name="size">Its size in bytes.</param>
public sealed class PointerType(PointerKind kind, Func<DebugType?> target, ulong size) : DebugType
{
    private readonly Lazy<DebugType?> _target = new(target);

    /// <summary>Which of these.</summary>
    public PointerKind Kind => kind;

    /// <summary>What it points to; null for <c>void</c>.</summary>
    public DebugType? Target => _target.Value;

    /// <inheritdoc/>
    public override string? Name => null;

    /// <inheritdoc/>
    public override ulong? Size => size;
}
