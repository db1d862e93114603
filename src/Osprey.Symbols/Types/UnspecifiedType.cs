namespace Osprey.Symbols.Types;

/// <summary>
/// A type that debug info only names, such as <c>decltype(nullptr)</c>, or that can't be found where it should be.
/// </summary>
/// <param name="name">Its name; null when debug info leads nowhere.</param>
/// <param name="size">Its size in bytes; null when that is not known.</param>
public sealed class UnspecifiedType(string? name, ulong? size) : DebugType
{
    /// <summary>What stands where debug info leads nowhere.</summary>
    public static UnspecifiedType Unknown { get; } = new(null, null);

    /// <inheritdoc/>
    public override string? Name => name;

    /// <inheritdoc/>
    public override ulong? Size => size;
}
