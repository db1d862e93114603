namespace Osprey.Traces.Exports.Flame;

/// <summary>A function in a flame graph, reached by one way from the outermost function.</summary>
/// <param name="name">The function, thread, CPU or tracepoint.</param>
internal sealed class FlameNode(string name)
{
    private readonly OrderedDictionary<string, FlameNode> _children = [];

    /// <summary>The text of its box.</summary>
    public string Name => name;

    /// <summary>The weight of all that was met in it and in what it called.</summary>
    public Int128 Total { get; private set; }

    /// <summary>The functions that it called, in the order in which they were first met.</summary>
    public IEnumerable<FlameNode> Children => _children.Values;

    /// <summary>Adds a weight.</summary>
    public void Count(long weight) => Total += weight;

    /// <summary>Finds what it calls by name, or adds it.</summary>
    public FlameNode Child(string child)
    {
        if (!_children.TryGetValue(child, out FlameNode? node))
            _children.Add(child, node = new FlameNode(child));

        return node;
    }
}
