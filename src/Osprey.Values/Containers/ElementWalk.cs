namespace Osprey.Values.Containers;

/// <summary>
/// A pass through a container's elements. It is limited in length and safe from cycles; a defect ends it and is kept.
/// </summary>
public sealed class ElementWalk
{
    /// <summary>The largest number of elements that any walk visits.</summary>
    public const int MaxBudget = 1 << 20;

    // The elements that a walk visits beyond the container's own count, to see that there are more.
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

    /// <summary>
    /// The defect that the walk found; null when there is none. Complete only after the last element.
    /// </summary>
    public string? Defect { get; private set; }

    /// <summary>The number of elements that were given so far.</summary>
    public ulong Given { get; private set; }

    /// <summary>True when the walk reached the end; else more elements may follow.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Gives the elements. Call it only once.</summary>
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

    /// <summary>Records that a node is visited.</summary>
    /// <returns>False when it was visited before, or there were too many nodes: the walk must end.</returns>
    public bool Enter(ulong node)
    {
        if (Defect is not null)
            return false;

        if (!_visited.Add(node))
            return Fail($"torn: the node at 0x{node:x} comes up twice");

        return _visited.Count <= MaxBudget || Fail($"stopped after {MaxBudget} nodes");
    }

    /// <summary>Ends the walk with a reason.</summary>
    /// <returns>Always false.</returns>
    public bool Fail(string defect)
    {
        Defect ??= defect;
        return false;
    }

    /// <summary>Ends the walk because the memory of a node cannot be read.</summary>
    /// <returns>Always false.</returns>
    public bool FailUnreadable(ulong address) => Fail($"the node at 0x{address:x} can't be read");
}
