namespace Osprey.Symbols.Types;

/// <summary>An array; one of several dimensions is an array of arrays.</summary>
/// <param name="element">Gives the type of an element.</param>
/// <param name="count">Its elements; null when it is open-ended, as a flexible array member is.</param>
public sealed class ArrayType(Func<DebugType> element, ulong? count) : DebugType
{
    private readonly Lazy<DebugType> _element = new(element);

    /// <summary>The type of an element.</summary>
    public DebugType Element => _element.Value;

    /// <summary>Its elements; null when it is open-ended.</summary>
    public ulong? Count => count;

    /// <summary>
    /// What tells the number of elements in a frame, of an array sized when its function ran; else null.
    /// </summary>
    public ArrayBound? Bound { get; init; }

    /// <inheritdoc/>
    public override string? Name => null;

    /// <inheritdoc/>
    /// <remarks>Null also for a product over 64 bits, which only a damaged file has.</remarks>
    public override ulong? Size =>
        count is { } items && Element.Size is { } size && Math.BigMul(items, size) <= ulong.MaxValue
            ? items * size
            : null;
}
