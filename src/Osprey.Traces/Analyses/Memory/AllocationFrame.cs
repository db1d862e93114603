namespace Osprey.Traces.Analyses.Memory;

/// <summary>A frame on the way to some allocations of one group.</summary>
public sealed class AllocationFrame(string text)
{
    private readonly Dictionary<string, AllocationFrame> _index = [];
    private readonly List<string> _texts = [text];
    private List<AllocationFrame> _children = [];

    /// <summary>The frame's text, and below it those of the frames folded into it.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>The number of allocations.</summary>
    public long Count { get; internal set; }

    /// <summary>The callers, in the order in which they were first met.</summary>
    public IReadOnlyList<AllocationFrame> Children => _children;

    internal AllocationFrame GetOrAdd(string text)
    {
        if (!_index.TryGetValue(text, out AllocationFrame? frame))
        {
            frame = new AllocationFrame(text);
            _index.Add(text, frame);
            _children.Add(frame);
        }

        return frame;
    }

    /// <summary>Folds only children that carry all of their parent's allocations into it.</summary>
    internal void Collapse()
    {
        foreach (AllocationFrame child in _children)
        {
            while (child._children is [var only] && only.Count == child.Count)
            {
                child._texts.AddRange(only._texts);
                child._children = only._children;
            }

            child.Collapse();
        }
    }

    /// <summary>Folds as the reference does: any only child, and without what is below that.</summary>
    internal void CollapseAsReference()
    {
        foreach (AllocationFrame child in _children)
            child.FlattenAsReference();
    }

    private void FlattenAsReference()
    {
        foreach (AllocationFrame child in _children)
            child.FlattenAsReference();

        if (_children is [var only])
        {
            _texts.AddRange(only._texts);
            _children = [];
        }
    }
}
