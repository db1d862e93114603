namespace Osprey.Symbols.Types;

/// <summary>
/// A type of which debug info has only the name, such as <c>decltype(nullptr)</c>, or that was not found where it
/// should be.
/// </summary>
/// <param name="name">The type's name; null when it was not found.</param>
/// <param name="size">Its size in bytes; null when it is not known.</param>
public sealed class UnspecifiedType(string? name, ulong? size) : DebugType
{
    /// <summary>The type that replaces one that was not found.</summary>
    public static UnspecifiedType Unknown { get; } = new(null, null);

    /// <inheritdoc/>
    public override string? Name => name;

    /// <inheritdoc/>
    public override ulong? Size => size;
}
