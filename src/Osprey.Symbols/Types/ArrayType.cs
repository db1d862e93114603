namespace Osprey.Symbols.Types;

/// <summary>An array. An array of several dimensions is an array of arrays.</summary>
/// <param name="element">Returns the type of an element; called once, when it is needed.</param>
/// <param name="count">Number of elements; null when it is open-ended, as a flexible array member is.</param>
public sealed class ArrayType(Func<DebugType> element, ulong? count) : DebugType
{
    private readonly Lazy<DebugType> _element = new(element);

    /// <summary>The type of an element.</summary>
    public DebugType Element => _element.Value;

    /// <summary>The number of elements; null when it is open-ended.</summary>
    public ulong? Count => count;

    /// <summary>
    /// The way to find the number of elements in a frame, for an array that was sized when its function ran; null for
    /// all others.
    /// </summary>
    public ArrayBound? Bound { get; init; }

    /// <summary>
    /// True for a vector of the processor (<c>vector_size</c> in C): operators work on its elements, and it is never
    /// used as a pointer.
    /// </summary>
    public bool IsVector { get; init; }

    /// <inheritdoc/>
    public override string? Name => null;

    /// <inheritdoc/>
    /// <remarks>Also null for a size over 64 bits, which only a damaged file has.</remarks>
    public override ulong? Size =>
        count is { } items && Element.Size is { } size && Math.BigMul(items, size) <= ulong.MaxValue
            ? items * size
            : null;
}
