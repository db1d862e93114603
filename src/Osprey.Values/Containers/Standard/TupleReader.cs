using System.Globalization;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads <c>std::tuple</c> and <c>std::pair</c>.</summary>
internal sealed class TupleReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    private const int MaxElements = 256;
    private const int MaxDepth = 300;

    public bool Matches(CompoundType type) => LibraryTypes.GetTemplate(type) is "std::tuple" or "std::pair";

    public ContainerView? Open(Value value, CompoundType type)
    {
        if (LibraryTypes.GetTemplate(type) == "std::pair")
        {
            if (value.Member("first") is not { } first || value.Member("second") is not { } second)
                return null;

            return new ContainerView.Parts([new("first", first), new("second", second)]);
        }

        var elements = new List<Value>();
        while (elements.Count < MaxElements && GetElement(value, elements.Count) is { } element)
            elements.Add(element);

        return new ContainerView.Items(
            "std::tuple",
            ContainerKind.Sequence,
            (ulong)elements.Count,
            _ => Contiguous.Walk((ulong)elements.Count, index => elements[(int)index])
        )
        {
            At = index => elements[(int)index],
        };
    }

    /// <summary>Gets an element of a tuple by its position; null when there is none.</summary>
    /// <remarks>
    /// Each element has a base class _Head_base&lt;INDEX, T, ISEMPTY&gt; of its own. The base holds the element, or is
    /// derived from it when the element is an empty class.
    /// </remarks>
    public static Value? GetElement(Value tuple, int index) =>
        FindHead(tuple, string.Create(CultureInfo.InvariantCulture, $"std::_Head_base<{index}"), 0, new SearchBudget());

    private static Value? FindHead(Value value, string prefix, int depth, SearchBudget budget)
    {
        if (depth > MaxDepth || value.ResolvedType is not CompoundType compound || !budget.TrySpend())
            return null;

        bool isHead =
            compound.Name is { } name
            && name.StartsWith(prefix, StringComparison.Ordinal)
            && name.Length > prefix.Length
            && !char.IsAsciiDigit(name[prefix.Length]);
        if (isHead)
            return value.Member("_M_head_impl") ?? (compound.Bases.Count > 0 ? value.Base(compound.Bases[0]) : null);

        foreach (BaseClass parent in compound.Bases)
        {
            if (FindHead(value.Base(parent), prefix, depth + 1, budget) is { } found)
                return found;
        }

        return null;
    }
}
