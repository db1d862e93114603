namespace Osprey.Traces.Analyses.Profiles;

/// <summary>A frame in a profile's tree, with all samples whose backtrace goes through it.</summary>
public sealed class ProfileNode(string text)
{
    private const int IndexFrom = 8;

    private readonly List<string> _tail = [];
    private List<ProfileNode> _children = [];
    private Dictionary<string, ProfileNode>? _index;

    /// <summary>The frame's text; <c>All</c> for the root.</summary>
    public string Text { get; } = text;

    /// <summary>Frames below this one that every sample of it shares, folded into it.</summary>
    public IReadOnlyList<string> Tail => _tail;

    /// <summary>The number of samples.</summary>
    public long Hits { get; private set; }

    /// <summary>The sum of their durations.</summary>
    public Duration Duration { get; private set; }

    /// <summary>The frames below, in the order in which they were first met.</summary>
    public IReadOnlyList<ProfileNode> Children => _children;

    internal void Hit(long hits, Duration duration)
    {
        Hits += hits;
        Duration += duration;
    }

    internal ProfileNode GetOrAdd(string text)
    {
        if (_index is null)
        {
            foreach (ProfileNode child in _children)
            {
                if (child.Text == text)
                    return child;
            }

            if (_children.Count == IndexFrom)
                _index = _children.ToDictionary(child => child.Text);
        }
        else if (_index.TryGetValue(text, out ProfileNode? found))
        {
            return found;
        }

        var added = new ProfileNode(text);
        _children.Add(added);
        _index?.Add(text, added);
        return added;
    }

    /// <summary>
    /// Folds chains of only children that carry the same hits and time into one node, here and below.
    /// </summary>
    internal void Collapse()
    {
        var work = new Stack<ProfileNode>([this]);
        while (work.TryPop(out ProfileNode? node))
        {
            while (node._children is [var only] && only.Hits == node.Hits && only.Duration.Total == node.Duration.Total)
            {
                node._tail.Add(only.Text);
                node._children = only._children;
            }

            foreach (ProfileNode child in node._children)
                work.Push(child);
        }
    }

    /// <summary>Cuts everything deeper than so many levels below this node; tails do not count.</summary>
    internal void Strip(int levels)
    {
        if (levels <= 0)
        {
            _children = [];
            return;
        }

        foreach (ProfileNode child in _children)
            child.Strip(levels - 1);
    }
}
