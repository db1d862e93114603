namespace Osprey.Values.Containers;

/// <summary>The meaning of a value of a library's type, such as the elements of a vector.</summary>
/// <param name="Title">
/// The description, such as "std::vector of length 3, capacity 4"; empty when the content says enough.
/// </param>
public abstract record ContainerView(string Title)
{
    /// <summary>A container of elements.</summary>
    /// <param name="Title">The description.</param>
    /// <param name="Kind">The kind of container.</param>
    /// <param name="Count">The number of elements that the container itself stores; null when it stores none.</param>
    /// <param name="Walk">Visits the elements.</param>
    public sealed record Items(
        string Title,
        ContainerKind Kind,
        ulong? Count,
        Func<ElementWalk, IEnumerable<ContainerElement>> Walk
    ) : ContainerView(Title)
    {
        /// <summary>Gives an element by its position; null when only a walk can find it.</summary>
        public Func<ulong, Value>? At { get; init; }

        /// <summary>Makes a walk through the elements, which also reports what is wrong with them.</summary>
        /// <param name="budget">The largest number of elements to visit.</param>
        public ElementWalk Start(int budget = ElementWalk.MaxBudget) => new(this, budget);
    }

    /// <summary>A string.</summary>
    /// <param name="First">The first character; the others follow it in memory.</param>
    /// <param name="Length">The number of characters.</param>
    public sealed record Text(Value First, ulong Length) : ContainerView("");

    /// <summary>A smart pointer.</summary>
    /// <param name="Title">The description.</param>
    /// <param name="Plain">The plain pointer in it.</param>
    public sealed record Pointer(string Title, Value Plain) : ContainerView(Title);

    /// <summary>A holder of one value, or of none: atomic, optional, variant.</summary>
    /// <param name="Title">The description; empty for an atomic, which is shown as its value.</param>
    /// <param name="Inner">The value; null when there is none.</param>
    public sealed record Wrapper(string Title, Value? Inner) : ContainerView(Title);

    /// <summary>A few named values: a pair.</summary>
    /// <param name="Values">The values.</param>
    public sealed record Parts(IReadOnlyList<KeyValuePair<string, Value>> Values) : ContainerView("");

    /// <summary>A number with a unit: a duration or a time.</summary>
    /// <param name="Number">The number.</param>
    /// <param name="Unit">The unit, such as "ns".</param>
    public sealed record Amount(Value Number, string Unit) : ContainerView("");
}
