using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Traces.Analyses.Comparison;

/// <summary>Two traces' profiles in one tree: frames that both have are one node, by their text.</summary>
/// <param name="Root">The node <c>All</c>.</param>
/// <param name="UsesTime">Whether durations are compared, and not hits.</param>
/// <param name="ScaleA">What values of the first are multiplied with.</param>
/// <param name="ScaleB">What values of the second are multiplied with.</param>
public sealed record ProfileDifference(ProfileDifferenceNode Root, bool UsesTime, double ScaleA, double ScaleB)
{
    /// <summary>The number that is compared of a node: hits or nanoseconds, scaled.</summary>
    public Change ChangeOf(ProfileDifferenceNode node) =>
        UsesTime
            ? new Change(node.DurationA * ScaleA, node.DurationB * ScaleB)
            : new Change(node.HitsA * ScaleA, node.HitsB * ScaleB);

    /// <summary>Tells whether both traces have the same nodes with the same numbers.</summary>
    public bool IsSame
    {
        get
        {
            var work = new Stack<ProfileDifferenceNode>([Root]);
            while (work.TryPop(out ProfileDifferenceNode? node))
            {
                if (node.HitsA != node.HitsB || node.DurationA != node.DurationB || ChangeOf(node).Delta != 0)
                    return false;

                foreach (ProfileDifferenceNode child in node.Children)
                    work.Push(child);
            }

            return true;
        }
    }

    /// <summary>A node's children, biggest change first.</summary>
    public IEnumerable<ProfileDifferenceNode> Order(IEnumerable<ProfileDifferenceNode> nodes) =>
        nodes
            .OrderByDescending(node => Math.Abs(ChangeOf(node).Delta))
            .ThenBy(node => node.Text, StringComparer.Ordinal);

    /// <summary>The nodes that changed most, with those above them.</summary>
    /// <param name="limit">How many, those above not counted; 0 for all.</param>
    public IReadOnlySet<ProfileDifferenceNode> FindBiggest(int limit)
    {
        var parents = new Dictionary<ProfileDifferenceNode, ProfileDifferenceNode?> { [Root] = null };
        var all = new List<ProfileDifferenceNode> { Root };
        for (int i = 0; i < all.Count; i++)
        {
            foreach (ProfileDifferenceNode child in all[i].Children)
            {
                parents.Add(child, all[i]);
                all.Add(child);
            }
        }

        var chosen = new HashSet<ProfileDifferenceNode>();
        foreach (ProfileDifferenceNode node in Order(all).Take(limit == 0 ? all.Count : limit))
        {
            for (ProfileDifferenceNode? above = node; above is not null && chosen.Add(above); above = parents[above])
            { }
        }

        return chosen;
    }

    /// <summary>Joins two profiles.</summary>
    public static ProfileDifference Build(
        (StackProfile Profile, StackSymbols Symbols, double Scale) a,
        (StackProfile Profile, StackSymbols Symbols, double Scale) b,
        bool usesTime,
        ProfileTreeOptions options
    )
    {
        var root = new ProfileDifferenceNode("All");
        Add(root, a.Profile, a.Symbols, isSecond: false, options);
        Add(root, b.Profile, b.Symbols, isSecond: true, options);
        root.Collapse();
        return new ProfileDifference(root, usesTime, a.Scale, b.Scale);
    }

    private static void Add(
        ProfileDifferenceNode root,
        StackProfile profile,
        StackSymbols symbols,
        bool isSecond,
        ProfileTreeOptions options
    )
    {
        foreach (ProfileEntry entry in profile.Groups.SelectMany(group => group.Entries))
        {
            StackFrames frames = symbols.Resolve(profile.Stacks[entry.Stack]).WithoutMachinery();
            if (options.CallerOriented)
                frames = frames.Reversed();

            if (options.Function is not null)
                frames = frames.From(options.Function, exceptFirst: false);

            string[] path = symbols.Compose(frames);
            if (path.Length == 0)
                continue;

            ProfileDifferenceNode node = root;
            node.Hit(isSecond, entry.Hits, entry.Duration);
            foreach (string text in options.MaxLevels > 0 ? path.Take(options.MaxLevels) : path)
            {
                node = node.GetOrAdd(text);
                node.Hit(isSecond, entry.Hits, entry.Duration);
            }
        }
    }
}
