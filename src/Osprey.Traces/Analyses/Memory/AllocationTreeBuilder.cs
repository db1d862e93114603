namespace Osprey.Traces.Analyses.Memory;

/// <summary>Makes a tree of a trace's allocations.</summary>
/// <param name="symbols">How frames are named.</param>
/// <param name="groupBy">The keys, outermost first.</param>
/// <param name="maxFrames">Frames of a backtrace to keep; 0 for all.</param>
/// <param name="isCompat">Fold frames as the reference does, which loses branches.</param>
public sealed class AllocationTreeBuilder(
    StackSymbols symbols,
    IReadOnlyList<AllocationKey> groupBy,
    int maxFrames,
    bool isCompat
)
{
    private readonly Dictionary<int, string[]> _paths = [];

    /// <summary>Builds the tree.</summary>
    public AllocationGroup Build(AllocationAnalysis allocations)
    {
        var root = new AllocationGroup("All", 0, null);
        var leaves = new HashSet<AllocationGroup>();
        foreach (AllocationTotals totals in allocations.Totals)
        {
            AllocationGroup group = root;
            root.Add(totals);
            foreach (AllocationKey key in groupBy)
            {
                group = group.GetOrAdd(totals, key);
                group.Add(totals);
            }

            leaves.Add(group);
            if (totals.Stack >= 0)
                AddFrames(group.Frames, PathOf(allocations.Stacks, totals.Stack), totals.Count);
        }

        foreach (AllocationGroup leaf in leaves)
        {
            if (isCompat)
                leaf.Frames.CollapseAsReference();
            else
                leaf.Frames.Collapse();
        }

        return root;
    }

    private static void AddFrames(AllocationFrame frame, string[] path, long count)
    {
        foreach (string text in path)
        {
            frame = frame.GetOrAdd(text);
            frame.Count += count;
        }
    }

    private string[] PathOf(StackTable stacks, int stack)
    {
        if (_paths.TryGetValue(stack, out string[]? path))
            return path;

        StackFrames frames = symbols.Resolve(stacks[stack]).WithoutMachinery();
        string? function = frames.Semantics.AllocationFunction;
        int place = function is null ? -1 : frames.Frames.FindIndex(frame => frame.Name == function);
        if (place > 0 || (place == 0 && !isCompat))
            frames = frames with { Frames = frames.Frames[(place + 1)..] };

        path = symbols.Compose(frames);
        if (maxFrames > 0 && path.Length > maxFrames)
            path = path[..maxFrames];

        _paths.Add(stack, path);
        return path;
    }
}
