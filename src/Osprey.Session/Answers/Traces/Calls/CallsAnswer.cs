using Osprey.Symbols;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Calls;

namespace Osprey.Session.Answers.Traces.Calls;

/// <summary>The rows of a call profile: the functions' sums, or the graph from callers to what they call.</summary>
/// <param name="profile">The profile.</param>
/// <param name="symbols">Names the functions.</param>
/// <param name="order">Gives what rows are sorted by, the largest first.</param>
public sealed class CallsAnswer(CallProfile profile, StackSymbols symbols, Func<CallNode, Int128> order)
{
    private readonly Dictionary<ulong, string> _names = [];

    /// <summary>The sum of each function.</summary>
    public IEnumerable<CallRow> ListSums() =>
        profile.SumUp().OrderByDescending(order).ThenBy(node => node.Function).Select(node => Row(node, 0, null));

    /// <summary>The graph: each function above what it calls. Of each thread one, or one of all.</summary>
    public IEnumerable<CallRow> ListGraph()
    {
        ILookup<int, int> children = Enumerable
            .Range(0, profile.Nodes.Count)
            .Where(index => profile.Nodes[index].Parent >= 0)
            .ToLookup(index => profile.Nodes[index].Parent);
        foreach ((ulong thread, int root) in profile.Roots)
        {
            var open = new Stack<(int Node, int Depth)>();
            Push(open, children[root], 0);
            while (open.TryPop(out (int Node, int Depth) next))
            {
                CallNode node = profile.Nodes[next.Node];
                if (node.Calls > 0)
                    yield return Row(node, next.Depth, thread == 0 ? null : thread);

                Push(open, children[next.Node], next.Depth + (node.Calls > 0 ? 1 : 0));
            }
        }
    }

    /// <summary>
    /// Finds the name of the function at an address: the function itself, and none that is inlined in it.
    /// </summary>
    public static string NameOf(StackSymbols symbols, ulong function)
    {
        SymbolFrame frame = symbols.Resolve([unchecked(function + 1)]).Frames.LastOrDefault();
        return string.IsNullOrEmpty(frame.Name) ? $"0x{function:x}" : frame.Name;
    }

    private void Push(Stack<(int Node, int Depth)> open, IEnumerable<int> nodes, int depth)
    {
        foreach (int node in nodes.OrderBy(index => order(profile.Nodes[index])).ThenByDescending(index => index))
            open.Push((node, depth));
    }

    private CallRow Row(CallNode node, int depth, ulong? thread)
    {
        if (!_names.TryGetValue(node.Function, out string? name))
            _names.Add(node.Function, name = NameOf(symbols, node.Function));

        return new CallRow(
            depth,
            thread,
            thread is ulong number ? profile.NameOf(number) : null,
            name,
            node.Function,
            node.Calls,
            ulong.CreateSaturating(node.Total),
            // Negative where what it called overlaps the range of time and it does not.
            ulong.CreateSaturating(node.Self),
            node.Longest
        );
    }
}
