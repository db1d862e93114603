using System.Runtime.InteropServices;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Calls;

/// <summary>Follows the calls of every thread in a trace of function entries and exits.</summary>
/// <remarks>
/// <para>
/// A kernel with instrumented functions records the entry and the exit of each with the function's address. Of one
/// thread they nest, so there is a stack of open calls for each thread, and an exit closes the innermost open call of
/// its function.
/// </para>
/// <para>
/// Calls above that one are given up: their exits were overwritten, or never happened (functions that don't return). An
/// exit whose function is not open has lost its entry. So is one whose entry lies on another CPU from before this CPU
/// began to record, for between the two anything may be missing.
/// </para>
/// <para>The depth is bounded; deeper calls are counted as lost, and their exits are known by number.</para>
/// </remarks>
public sealed class CallMatcher
{
    private const int MaxDepth = 4096;

    private readonly AnalysisScope _scope;
    private readonly int[] _entries;
    private readonly int[] _exits;
    private readonly Dictionary<ulong, ThreadCalls> _threads = [];
    private readonly CpuFirstTimes _firstTimes = new();
    private ulong _lastTime;

    /// <param name="scope">The dictionary and its semantics.</param>
    public CallMatcher(AnalysisScope scope)
    {
        _scope = scope;
        _entries = scope.ArgumentsOf(TracepointRole.FunctionEntry);
        _exits = scope.ArgumentsOf(TracepointRole.FunctionExit);
    }

    /// <summary>Takes note of a sample; to be called for every one, in order.</summary>
    /// <returns>The end of a call that it is.</returns>
    public PairRole Observe(in TraceEvent sample)
    {
        _firstTimes.Observe(sample.Cpu, sample.Time);
        _lastTime = Math.Max(_lastTime, sample.Time);
        return _entries[sample.Tracepoint] >= 0 ? PairRole.Entry
            : _exits[sample.Tracepoint] >= 0 ? PairRole.Exit
            : PairRole.None;
    }

    /// <summary>The function that an entry or an exit is of.</summary>
    public ulong FunctionOf(in TraceEvent sample)
    {
        int place = Math.Max(_entries[sample.Tracepoint], _exits[sample.Tracepoint]);
        var arguments = new PayloadArguments(_scope.Tracepoints[sample.Tracepoint].Layout!, sample.Payload);
        return unchecked((ulong)arguments.GetInteger(place));
    }

    /// <summary>The number of open calls of a thread.</summary>
    public int DepthOf(ulong thread) => _threads.TryGetValue(thread, out ThreadCalls? calls) ? calls.Open.Count : 0;

    /// <summary>The tag of a thread's innermost open call; null when none is open.</summary>
    public int? TagOf(ulong thread) =>
        _threads.TryGetValue(thread, out ThreadCalls? calls) && calls.Open.Count > 0 ? calls.Open[^1].Tag : null;

    /// <summary>Opens a call.</summary>
    /// <param name="sample">The entry.</param>
    /// <param name="tag">Any number of the caller's.</param>
    public void Enter(in TraceEvent sample, int tag)
    {
        if (!_threads.TryGetValue(sample.Thread, out ThreadCalls? calls))
            _threads.Add(sample.Thread, calls = new ThreadCalls());

        if (calls.Open.Count == MaxDepth)
        {
            calls.TooDeep++;
            _scope.Stats.Count(LossKind.EntriesTooDeep);
            return;
        }

        calls.Open.Add(new OpenCall(FunctionOf(sample), sample.Time, sample.Cpu, tag, 0));
    }

    /// <summary>Closes the call that an exit ends.</summary>
    /// <returns>False when its entry was lost.</returns>
    public bool TryLeave(in TraceEvent sample, out FunctionCall call)
    {
        call = default;
        if (!_threads.TryGetValue(sample.Thread, out ThreadCalls? calls))
            return Lose(LossKind.ExitsWithoutEntry);

        if (calls.TooDeep > 0)
        {
            calls.TooDeep--;
            return false;
        }

        ulong function = FunctionOf(sample);
        int index = calls.Open.FindLastIndex(open => open.Function == function);
        if (index < 0)
            return Lose(LossKind.ExitsWithoutEntry);

        OpenCall entry = calls.Open[index];
        int lost = calls.Open.Count - index - 1;
        if (lost > 0)
            _scope.Stats.Count(LossKind.EntriesNeverClosed, lost);

        calls.Open.RemoveRange(index, lost + 1);
        if (entry.Cpu != sample.Cpu && _firstTimes[sample.Cpu] > entry.Time)
            return Lose(LossKind.PairsAcrossGap);

        ulong time = sample.Time > entry.Time ? sample.Time - entry.Time : 0;
        if (calls.Open.Count > 0)
        {
            ref OpenCall outer = ref CollectionsMarshal.AsSpan(calls.Open)[^1];
            outer = outer with { Inner = unchecked(outer.Inner + time) };
        }

        call = Close(sample.Thread, entry, time, calls.Open.Count, isOpen: false);
        return true;
    }

    /// <summary>The calls that are still open, of each thread the innermost first.</summary>
    public IEnumerable<FunctionCall> Finish()
    {
        foreach ((ulong thread, ThreadCalls calls) in _threads)
        {
            ulong inner = 0;
            for (int depth = calls.Open.Count - 1; depth >= 0; depth--)
            {
                OpenCall entry = calls.Open[depth];
                ulong time = _lastTime > entry.Time ? _lastTime - entry.Time : 0;
                entry = entry with { Inner = unchecked(entry.Inner + inner) };
                inner = time;
                yield return Close(thread, entry, time, depth, isOpen: true);
            }
        }
    }

    private static FunctionCall Close(ulong thread, in OpenCall entry, ulong time, int depth, bool isOpen) =>
        new(entry.Function, thread, entry.Time, time, entry.Inner, depth, entry.Tag, isOpen);

    private bool Lose(LossKind kind)
    {
        _scope.Stats.Count(kind);
        return false;
    }

    private readonly record struct OpenCall(ulong Function, ulong Time, uint Cpu, int Tag, ulong Inner);

    private sealed class ThreadCalls
    {
        public List<OpenCall> Open { get; } = [];

        public long TooDeep { get; set; }
    }
}
