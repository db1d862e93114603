namespace Osprey.Values.Containers;

/// <summary>
/// One pass through a container's elements, bounded, and safe from cycles. What it runs into ends it and is kept.
/// </summary>
public sealed class ElementWalk
{
    /// <summary>Most elements that are ever visited.</summary>
    public const int MaxBudget = 1 << 20;

    // What a walk may do beyond the count that the container gives: enough to see that it has more.
    private const ulong Surplus = 16;

    private readonly ContainerView.Items _items;
    private readonly int _budget;
    private readonly HashSet<ulong> _visited = [];

    internal ElementWalk(ContainerView.Items items, int budget)
    {
        _items = items;
        ulong declared = items.Count is { } count && count < MaxBudget ? (count * 2) + Surplus : MaxBudget;
        _budget = (int)Math.Min((ulong)budget, declared);
    }

    /// <summary>What is wrong with the container, after the elements were gone through; null when nothing is.</summary>
    public string? Defect { get; private set; }

    /// <summary>How many elements were given so far.</summary>
    public ulong Given { get; private set; }

    /// <summary>Whether the end was reached; else the elements are only the first ones.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The elements. To be called once.</summary>
    public IEnumerable<ContainerElement> Enumerate()
    {
        foreach (ContainerElement element in _items.Walk(this))
        {
            Given++;
            yield return element;
            if (Given >= (ulong)_budget && Defect is null && (_items.At is null || Given >= MaxBudget))
            {
                Defect = $"stopped after {Given} elements";
                yield break;
            }
        }

        IsComplete = Defect is null;
        if (Defect is null && _items.Count is { } count && count != Given)
            Defect = $"torn: it says {count} elements, {Given} were found";
    }

    /// <summary>Notes that a node is visited.</summary>
    /// <returns>False when that was done before, or too many were; the walk must end.</returns>
    public bool Enter(ulong node)
    {
        if (Defect is not null)
            return false;

        if (!_visited.Add(node))
            return Fail($"torn: the node at 0x{node:x} comes up twice");

        return _visited.Count <= MaxBudget || Fail($"stopped after {MaxBudget} nodes");
    }

    /// <summary>Ends the walk with a reason.</summary>
    /// <returns>False.</returns>
    public bool Fail(string defect)
    {
        Defect ??= defect;
        return false;
    }

    /// <summary>Ends the walk since a node or what leads to it can't be read.</summary>
    /// <returns>False.</returns>
    public bool FailUnreadable(ulong address) => Fail($"the node at 0x{address:x} can't be read");
}
