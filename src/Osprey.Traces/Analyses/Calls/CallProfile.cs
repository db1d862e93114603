using System.Runtime.InteropServices;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Calls;

/// <summary>
/// Adds up the calls of functions by the way that led to them: a call graph, and a sum for each function.
/// </summary>
/// <remarks>
/// Memory holds a node for each distinct way, a bounded number; calls on further ways count as time of the function
/// that called them, and are counted as lost. With a range of time, calls that overlap it count, with the part of their
/// time that lies in it; time of their own is then what their own calls leave of that part.
/// </remarks>
public sealed class CallProfile : TraceAnalysis
{
    private const int MaxNodes = 1 << 20;
    private const int Uncounted = -1;

    private readonly AnalysisScope _scope;
    private readonly CallMatcher _matcher;
    private readonly bool _isByThread;
    private readonly List<CallNode> _nodes = [];
    private readonly Dictionary<(int Parent, ulong Function), int> _children = [];
    private readonly Dictionary<ulong, int> _roots = [];
    private readonly Dictionary<ulong, string> _threadNames = [];

    /// <param name="scope">What counts; goes by the entry.</param>
    /// <param name="isByThread">Whether each thread has a graph of its own.</param>
    public CallProfile(AnalysisScope scope, bool isByThread = false)
    {
        _scope = scope;
        _isByThread = isByThread;
        _matcher = new CallMatcher(scope);
    }

    /// <summary>All nodes; a caller comes before what it calls.</summary>
    public IReadOnlyList<CallNode> Nodes => _nodes;

    /// <summary>
    /// The root of each thread's graph, or the only root, of thread 0, in the order of the first call.
    /// </summary>
    public IReadOnlyCollection<KeyValuePair<ulong, int>> Roots => _roots;

    /// <summary>The name that a thread had in its last entry.</summary>
    public string NameOf(ulong thread) => _threadNames.GetValueOrDefault(thread, "");

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        switch (_matcher.Observe(sample))
        {
            case PairRole.Entry:
                _matcher.Enter(sample, NodeOf(sample));
                break;

            case PairRole.Exit when _matcher.TryLeave(sample, out FunctionCall call):
                Count(call);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        foreach (FunctionCall call in _matcher.Finish())
            Count(call);
    }

    /// <summary>
    /// The sums of each function over all ways to it. A recursive call's time is part of the call around it and counts
    /// once.
    /// </summary>
    public IEnumerable<CallNode> SumUp()
    {
        var sums = new OrderedDictionary<ulong, CallNode>();
        for (int i = 0; i < _nodes.Count; i++)
        {
            CallNode node = _nodes[i];
            if (node.Parent < 0 || node.Calls == 0)
                continue;

            CallNode sum = sums.TryGetValue(node.Function, out CallNode before)
                ? before
                : new CallNode(node.Function, -1, 0, 0, 0, 0);
            sums[node.Function] = sum with
            {
                Calls = sum.Calls + node.Calls,
                Self = sum.Self + node.Self,
                Total = sum.Total + (IsWithinItself(node) ? 0 : node.Total),
                Longest = Math.Max(sum.Longest, node.Longest),
            };
        }

        return sums.Values;
    }

    private bool IsWithinItself(CallNode node)
    {
        for (int parent = node.Parent; parent >= 0; parent = _nodes[parent].Parent)
        {
            if (_nodes[parent].Function == node.Function && _nodes[parent].Calls > 0)
                return true;
        }

        return false;
    }

    private int NodeOf(in TraceEvent sample)
    {
        int caller = _matcher.TagOf(sample.Thread) ?? Uncounted;
        if (!_scope.Filter.IsNone && !_scope.Filter.Matches(sample, _scope.Tracepoints))
            return Uncounted;

        if (_isByThread)
            _threadNames[sample.Thread] = System.Text.Encoding.UTF8.GetString(sample.ThreadName);

        if (caller == Uncounted)
            caller = RootOf(_isByThread ? sample.Thread : 0);

        (int, ulong) key = (caller, _matcher.FunctionOf(sample));
        if (_children.TryGetValue(key, out int node))
            return node;

        if (_nodes.Count >= MaxNodes)
        {
            _scope.Stats.Count(LossKind.EntriesTooDeep);
            return Uncounted;
        }

        _children.Add(key, _nodes.Count);
        return Add(key.Item2, caller);
    }

    private int RootOf(ulong thread)
    {
        if (!_roots.TryGetValue(thread, out int root))
            _roots.Add(thread, root = Add(0, -1));

        return root;
    }

    private int Add(ulong function, int parent)
    {
        _nodes.Add(new CallNode(function, parent, 0, 0, 0, 0));
        return _nodes.Count - 1;
    }

    private void Count(in FunctionCall call)
    {
        if (
            call.Tag == Uncounted
            || !_scope.Range.TryTrim(call.Time, call.Time + call.Nanoseconds, out Duration duration)
        )
            return;

        var time = (ulong)duration.Nanoseconds;
        Span<CallNode> nodes = CollectionsMarshal.AsSpan(_nodes);
        ref CallNode node = ref nodes[call.Tag];
        node = node with
        {
            Calls = node.Calls + 1,
            Total = node.Total + time,
            Self = node.Self + time,
            Longest = Math.Max(node.Longest, time),
        };

        // What it took is no time of its caller's own. A caller that is counted later may be in debt until then.
        ref CallNode caller = ref nodes[node.Parent];
        if (caller.Parent >= 0)
            caller = caller with { Self = caller.Self - time };
    }
}
