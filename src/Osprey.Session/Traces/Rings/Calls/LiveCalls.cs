using System.Diagnostics;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Session.Traces.Rings.Calls;

/// <summary>Puts begins and ends of calls together while a guest runs, as <c>strace</c> does.</summary>
/// <remarks>
/// <para>
/// A begin waits for its end. One that has waited for half a second is handed on as unfinished, so that whoever looks
/// sees what hangs; its end comes later as resumed. Only begins wait whose end is enabled or was seen: the others would
/// wait for ever. A filter lets a pair through by its begin. Copies of begins are used again: nothing is allocated for
/// a call once as many were open as ever are.
/// </para>
/// <para>
/// Where samples were lost, the end of a call may be among them, and the next end of that name be another call's. So a
/// call that began before or in a gap ends neither in it nor behind it: it stays unfinished. Two ends on CPUs that lost
/// nothing are still a pair when both are in the gap.
/// </para>
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
    private const int MaxGapEdges = 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    private readonly List<(PairEnd End, int Group)> _ends = [];
    private readonly Dictionary<string, int> _groups = [];
    private readonly List<bool> _hasExit = []; // by group
    private readonly Dictionary<(ulong Owner, int Group), Open> _open = []; // the innermost of each
    private readonly Stack<Open> _spare = [];
    private readonly List<ulong> _gapEdges = []; // times at which calls are forgotten, not yet passed
    private int _openCount;

    /// <summary>Takes the next sample, in the order of time.</summary>
    public void Add(in TraceEvent sample, ICallSink sink)
    {
        if (_gapEdges.Count > 0)
            PassGaps(sample.Time, sink);

        (PairEnd end, int group) = EndOf(sample.Tracepoint);
        (ulong, int) key = (end.IsPerCpu ? sample.Cpu : sample.Thread, group);
        if (end.Role == PairRole.Exit)
        {
            _hasExit[group] = true;
            if (_open.TryGetValue(key, out Open? entry))
            {
                Remove(key, entry);
                sink.TakeCall(entry.Copy.Sample, sample, entry.IsShown);
                return;
            }
        }

        if (!filter.Matches(sample, tracepoints))
            return;

        if (end.Role != PairRole.Entry || !_hasExit[group] || _openCount >= MaxOpen)
        {
            sink.TakeSingle(sample);
            return;
        }

        _open[key] = CreateOpen(sample, _open.GetValueOrDefault(key));
        _openCount++;
        sink.TakeBegin(sample);
    }

    /// <summary>Hands on what has waited for long; to be called now and then.</summary>
    /// <param name="sink">Takes it.</param>
    /// <param name="isEnd">True to hand on all that waits.</param>
    public void HandOn(ICallSink sink, bool isEnd = false)
    {
        List<Open>? due = null;
        foreach (Open innermost in _open.Values)
        {
            for (Open? open = innermost; open is not null; open = open.Outer)
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

    /// <summary>Visits the begins of all calls that have not ended, in no order.</summary>
    public void VisitOpen(LiveSamples.Taker visit)
    {
        foreach (Open innermost in _open.Values)
        {
            for (Open? open = innermost; open is not null; open = open.Outer)
                visit(open.Copy.Sample);
        }
    }

    /// <summary>Forgets the calls of threads that have ended: they never end.</summary>
    public void Forget(IReadOnlySet<ulong> threads)
    {
        foreach ((ulong Owner, int Group) key in _open.Keys.Where(key => threads.Contains(key.Owner)).ToList())
        {
            while (_open.TryGetValue(key, out Open? open))
                Remove(key, open);
        }
    }

    /// <summary>
    /// Takes note of samples of a CPU that were lost: calls that began before them are not known to go on.
    /// </summary>
    /// <param name="from">The time before the first of them.</param>
    /// <param name="to">The time behind the last of them.</param>
    public void AddGap(ulong from, ulong to)
    {
        if (_gapEdges.Count >= MaxGapEdges)
            _gapEdges.RemoveRange(0, 2);

        _gapEdges.Add(from);
        _gapEdges.Add(to);
    }

    /// <summary>Forgets what has begun when an edge of a gap is passed.</summary>
    private void PassGaps(ulong time, ICallSink sink)
    {
        // A sample at the begin of a gap is the last one before it.
        if (_gapEdges.RemoveAll(edge => edge < time) == 0)
            return;

        HandOn(sink, isEnd: true);
        foreach (Open innermost in _open.Values)
        {
            for (Open? open = innermost; open is not null; open = open.Outer)
                _spare.Push(open);
        }

        _open.Clear();
        _openCount = 0;
    }

    private Open CreateOpen(in TraceEvent sample, Open? outer)
    {
        if (_spare.TryPop(out Open? open))
            open.Copy.Set(sample);
        else
            open = new Open(new SampleCopy(sample));

        (open.Since, open.IsShown, open.Outer) = (Stopwatch.GetTimestamp(), false, outer);
        return open;
    }

    private void Remove((ulong, int) key, Open entry)
    {
        if (entry.Outer is { } outer)
            _open[key] = outer;
        else
            _open.Remove(key);

        _openCount--;
        _spare.Push(entry);
    }

    private (PairEnd End, int Group) EndOf(int tracepoint)
    {
        while (_ends.Count < tracepoints.Count)
        {
            int index = _ends.Count;
            PairEnd end = semantics.EndOf(tracepoints[index].Name, isCompat: false);
            if (!_groups.TryGetValue(end.Group, out int group))
            {
                _groups.Add(end.Group, group = _groups.Count);
                _hasExit.Add(false);
            }

            _ends.Add((end, group));
            if (end.Role == PairRole.Exit && isEnabled(index))
                _hasExit[group] = true;
        }

        return _ends[tracepoint];
    }

    /// <summary>A call that has begun.</summary>
    private sealed class Open(SampleCopy copy)
    {
        public SampleCopy Copy => copy;

        /// <summary>The call of the same name around it, on the same thread.</summary>
        public Open? Outer { get; set; }

        public long Since { get; set; }

        public bool IsShown { get; set; }
    }
}
