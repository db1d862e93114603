namespace Osprey.Traces.Analyses.Comparison;

/// <summary>A frame of two traces' profiles, with all samples whose backtrace goes through it.</summary>
/// <param name="text">The frame's text; <c>All</c> for the root.</param>
public sealed class ProfileDifferenceNode(string text)
{
    private readonly List<string> _tail = [];
    private OrderedDictionary<string, ProfileDifferenceNode> _children = [];

    /// <summary>The frame's text; <c>All</c> for the root.</summary>
    public string Text { get; } = text;

    /// <summary>Frames below this one that every sample of it shares, folded into it.</summary>
    public IReadOnlyList<string> Tail => _tail;

    /// <summary>Samples of the first trace.</summary>
    public long HitsA { get; private set; }

    /// <summary>Samples of the second trace.</summary>
    public long HitsB { get; private set; }

    /// <summary>The duration of those of the first, in nanoseconds.</summary>
    public double DurationA { get; private set; }

    /// <summary>The duration of those of the second, in nanoseconds.</summary>
    public double DurationB { get; private set; }

    /// <summary>
    /// The frames below, in the order in which they were first met, the first trace's before the second's.
    /// </summary>
    public IReadOnlyList<ProfileDifferenceNode> Children => _children.Values;

    internal void Hit(bool isSecond, long hits, Duration duration)
    {
        if (isSecond)
        {
            HitsB += hits;
            DurationB += duration.Total;
        }
        else
        {
            HitsA += hits;
            DurationA += duration.Total;
        }
    }

    internal ProfileDifferenceNode GetOrAdd(string text)
    {
        if (!_children.TryGetValue(text, out ProfileDifferenceNode? child))
            _children.Add(text, child = new ProfileDifferenceNode(text));

        return child;
    }

    /// <summary>Folds chains of only children that carry the same samples into one node, here and below.</summary>
    internal void Collapse()
    {
        var work = new Stack<ProfileDifferenceNode>([this]);
        while (work.TryPop(out ProfileDifferenceNode? node))
        {
            while (
                node._children.Count == 1
                && node._children.GetAt(0).Value is var only
                && only.HitsA == node.HitsA
                && only.HitsB == node.HitsB
                && only.DurationA == node.DurationA
                && only.DurationB == node.DurationB
            )
            {
                node._tail.Add(only.Text);
                node._children = only._children;
            }

            foreach (ProfileDifferenceNode child in node._children.Values)
                work.Push(child);
        }
    }
}
