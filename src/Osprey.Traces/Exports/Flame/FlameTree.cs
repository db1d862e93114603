using Osprey.Symbols;
using Osprey.Traces.Analyses;

namespace Osprey.Traces.Exports.Flame;

/// <summary>
/// The tree of a flame graph, gathered stack by stack. As large as there are distinct ways through the code.
/// </summary>
/// <param name="symbols">Composes the frames' texts.</param>
internal sealed class FlameTree(StackSymbols symbols)
{
    /// <summary>Deeper frames are cut off: a page with more is of no use to anybody.</summary>
    public const int MaxDepth = 512;

    /// <summary>The node that holds all.</summary>
    public FlameNode Root { get; } = new("all");

    /// <summary>Adds a stack.</summary>
    /// <param name="group">The thread or CPU, as the outermost frame; null for none.</param>
    /// <param name="frames">The functions, outermost first.</param>
    /// <param name="tracepoint">The tracepoint, as the innermost frame.</param>
    /// <param name="weight">How much the stack counts.</param>
    public void Add(string? group, StackFrames frames, string tracepoint, long weight)
    {
        FlameNode node = Root;
        node.Count(weight);
        if (group is not null)
            node = Enter(node, group, weight);

        foreach (SymbolFrame frame in frames.Frames.Take(MaxDepth))
            node = Enter(node, symbols.Compose(frame), weight);

        Enter(node, tracepoint, weight);
    }

    private static FlameNode Enter(FlameNode node, string name, long weight)
    {
        FlameNode child = node.Child(name);
        child.Count(weight);
        return child;
    }
}
