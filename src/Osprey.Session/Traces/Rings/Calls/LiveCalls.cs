using System.Diagnostics;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Session.Traces.Rings.Calls;

/// <summary>Puts begins and ends of calls together while a guest runs, as <c>strace</c> does.</summary>
/// <remarks>
/// A begin waits for its end. One that has waited for half a second is handed on as unfinished, so that whoever looks
/// sees what hangs; its end comes later as resumed. Only begins wait whose end is enabled or was seen: the others would
/// wait for ever. A filter lets a pair through by its begin.
/// </remarks>
/// <param name="tracepoints">The guest's tracepoints; may grow.</param>
/// <param name="semantics">Tells begins and ends.</param>
/// <param name="filter">The samples that are wanted.</param>
/// <param name="isEnabled">Tells whether a tracepoint, by index, writes samples.</param>
public sealed class LiveCalls(
    TracepointTable tracepoints,
    TraceSemantics semantics,
    SampleFilter filter,
    Func<int, bool> isEnabled
)
{
    private const int MaxOpen = 100_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    private readonly List<PairEnd> _ends = [];
    private readonly HashSet<string> _groupsWithExit = [];
    private readonly Dictionary<(ulong Owner, string Group), Stack<Open>> _open = [];
    private int _openCount;

    /// <summary>Takes the next sample, in the order of time.</summary>
    public void Add(in TraceEvent sample, ICallSink sink)
    {
        PairEnd end = EndOf(sample.Tracepoint);
        var key = (end.IsPerCpu ? sample.Cpu : sample.Thread, end.Group);
        if (end.Role == PairRole.Exit)
        {
            _groupsWithExit.Add(end.Group);
            if (_open.TryGetValue(key, out Stack<Open>? open) && open.TryPop(out Open? entry))
            {
                _openCount--;
                if (open.Count == 0)
                    _open.Remove(key);

                sink.TakeCall(entry.Copy.Sample, sample, entry.IsShown);
                return;
            }
        }

        if (!filter.Matches(sample, tracepoints))
            return;

        if (end.Role != PairRole.Entry || !_groupsWithExit.Contains(end.Group) || _openCount >= MaxOpen)
        {
            sink.TakeSingle(sample);
            return;
        }

        if (!_open.TryGetValue(key, out Stack<Open>? waiting))
            _open.Add(key, waiting = []);

        waiting.Push(new Open(new SampleCopy(sample), Stopwatch.GetTimestamp()));
        _openCount++;
    }

    /// <summary>Hands on what has waited for long; to be called now and then.</summary>
    /// <param name="sink">Takes it.</param>
    /// <param name="isEnd">True to hand on all that waits.</param>
    public void HandOn(ICallSink sink, bool isEnd = false)
    {
        List<Open>? due = null;
        foreach (Stack<Open> stack in _open.Values)
        {
            foreach (Open open in stack)
            {
                if (!open.IsShown && (isEnd || Stopwatch.GetElapsedTime(open.Since) >= s_patience))
                    (due ??= []).Add(open);
            }
        }

        if (due is null)
            return;

        foreach (Open open in due.OrderBy(open => open.Copy.Sample.Time))
        {
            open.IsShown = true;
            sink.TakeUnfinished(open.Copy.Sample);
        }
    }

    private PairEnd EndOf(int tracepoint)
    {
        while (_ends.Count < tracepoints.Count)
        {
            int index = _ends.Count;
            PairEnd end = semantics.EndOf(tracepoints[index].Name, isCompat: false);
            _ends.Add(end);
            if (end.Role == PairRole.Exit && isEnabled(index))
                _groupsWithExit.Add(end.Group);
        }

        return _ends[tracepoint];
    }

    /// <summary>A call that has begun.</summary>
    private sealed class Open(SampleCopy copy, long since)
    {
        public SampleCopy Copy => copy;

        public long Since => since;

        public bool IsShown { get; set; }
    }
}
