namespace Osprey.Traces.Analyses.Memory;

/// <summary>The allocations that share what a tree groups them by, down to this node.</summary>
/// <param name="name">An allocator, or <c>All</c>; null when the node stands for a number.</param>
/// <param name="value">The number; 0 when the node has a name.</param>
/// <param name="key">What the node was grouped by; null for the root.</param>
public sealed class AllocationGroup(string? name, ulong value, AllocationKey? key)
{
    private readonly Dictionary<(string?, ulong), AllocationGroup> _index = [];
    private readonly List<AllocationGroup> _groups = [];

    /// <summary>An allocator, or <c>All</c>; null when the node stands for a number.</summary>
    public string? Name => name;

    /// <summary>The number of bytes that the node stands for.</summary>
    public ulong Value => value;

    /// <summary>The key that the node was grouped by; null for the root.</summary>
    public AllocationKey? Key => key;

    /// <summary>The number of allocations.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes set aside for them.</summary>
    public double TotalBytes { get; private set; }

    /// <summary>Bytes set aside beyond what was asked for.</summary>
    public double UnusedBytes { get; private set; }

    /// <summary>Share of <see cref="UnusedBytes"/> in percent; 0 when nothing was set aside.</summary>
    public double UnusedPercent => TotalBytes == 0 ? 0 : UnusedBytes * 100 / TotalBytes;

    /// <summary>The groups below, in the order in which they were first met.</summary>
    public IReadOnlyList<AllocationGroup> Groups => _groups;

    /// <summary>The backtraces of a group without groups below.</summary>
    public AllocationFrame Frames { get; } = new("");

    internal void Add(AllocationTotals totals)
    {
        Count += totals.Count;
        TotalBytes += (double)totals.Allocated * totals.Count;
        UnusedBytes += ((double)totals.Allocated - totals.Requested) * totals.Count;
    }

    internal AllocationGroup GetOrAdd(AllocationTotals totals, AllocationKey by)
    {
        string? childName = by == AllocationKey.Allocator ? totals.Allocator : null;
        ulong childValue = by switch
        {
            AllocationKey.Alignment => totals.Alignment,
            AllocationKey.Allocated => totals.Allocated,
            AllocationKey.Requested => totals.Requested,
            _ => 0,
        };
        if (!_index.TryGetValue((childName, childValue), out AllocationGroup? group))
        {
            group = new AllocationGroup(childName, childValue, by);
            _index.Add((childName, childValue), group);
            _groups.Add(group);
        }

        return group;
    }
}
