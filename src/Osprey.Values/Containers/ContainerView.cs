namespace Osprey.Values.Containers;

/// <summary>What a value of a library's type stands for, in place of the struct that it is.</summary>
/// <param name="Title">
/// What it is, such as "std::vector of length 3, capacity 4"; empty where what it holds says enough.
/// </param>
public abstract record ContainerView(string Title)
{
    /// <summary>A container of elements.</summary>
    /// <param name="Title">What it is.</param>
    /// <param name="Kind">What kind of container.</param>
    /// <param name="Count">How many elements it says that it has; null when it does not say.</param>
    /// <param name="Walk">Goes through the elements.</param>
    public sealed record Items(
        string Title,
        ContainerKind Kind,
        ulong? Count,
        Func<ElementWalk, IEnumerable<ContainerElement>> Walk
    ) : ContainerView(Title)
    {
        /// <summary>Gives an element by its position without a walk; null when only a walk finds it.</summary>
        public Func<ulong, Value>? At { get; init; }

        /// <summary>Starts to go through the elements; what is wrong with them is said by the walk.</summary>
        /// <param name="budget">Most elements to visit.</param>
        public ElementWalk Start(int budget = ElementWalk.MaxBudget) => new(this, budget);
    }

    /// <summary>A string.</summary>
    /// <param name="First">Its first character; the others lie behind it.</param>
    /// <param name="Length">How many characters it has.</param>
    public sealed record Text(Value First, ulong Length) : ContainerView("");

    /// <summary>A smart pointer.</summary>
    /// <param name="Title">What it is.</param>
    /// <param name="Plain">The plain pointer in it.</param>
    public sealed record Pointer(string Title, Value Plain) : ContainerView(Title);

    /// <summary>Something with one value in it, or none: atomic, optional, variant.</summary>
    /// <param name="Title">What it is.</param>
    /// <param name="Inner">The value; null when there is none.</param>
    public sealed record Wrapper(string Title, Value? Inner) : ContainerView(Title);

    /// <summary>A few values with names: a pair.</summary>
    /// <param name="Values">The values.</param>
    public sealed record Parts(IReadOnlyList<KeyValuePair<string, Value>> Values) : ContainerView("");

    /// <summary>A number with a unit: a duration, or a time.</summary>
    /// <param name="Number">The number.</param>
    /// <param name="Unit">Its unit, such as "ns".</param>
    public sealed record Amount(Value Number, string Unit) : ContainerView("");
}
