using Osprey.Binary;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>Matches the entries and exits of a trace, sample by sample.</summary>
/// <remarks>
/// <para>
/// A pair is a call that was traced at both ends. Both samples have the thread in common (or the CPU, where the
/// semantics says so) and the group: the name without what marks it as entry or exit. So there is one stack of open
/// entries for each thread and group, and an exit closes the innermost one. Recursion nests; calls of other names
/// may overlap in any way.
/// </para>
/// <para>
/// Each CPU records into a ring of its own, and the rings of busy CPUs start later than those of idle ones. A pair
/// whose ends lie on different CPUs is therefore dropped when the exit's CPU began to record after the entry: the true
/// exit of that entry, and another entry, may have been overwritten. The same holds for entries that are still open
/// when such an entry or exit comes by. On one CPU nothing is missing between two samples.
/// </para>
/// <para>
/// Entries that are open at the trace's end last until its last sample, if an exit of their group was met at all;
/// otherwise the exit's tracepoint was not enabled and they are no pairs. The depth of a stack is bounded, so a trace
/// of entries alone costs no more memory than its threads and names.
/// </para>
/// <para>
/// The reference (compat mode) has no stacks: a second entry under an open name ends its run, unless the first one lies
/// before the gap.
/// </para>
/// </remarks>
/// <typeparam name="TEntry">What the analysis keeps of an entry until its exit.</typeparam>
internal sealed class PairMatcher<TEntry>
{
    private const int MaxDepth = 1024;

    /// <summary>So many stacks stay where they are when they become empty, to be filled again.</summary>
    private const int KeptStacks = 4096;

    private readonly PairRules _rules;
    private readonly bool _isCompat;
    private readonly TraceStats _stats;
    private readonly Dictionary<PairKey, List<Open>> _open = [];
    private readonly Stack<List<Open>> _spare = [];
    private readonly CpuFirstTimes _firstTimes = new();
    private ulong _lastTime;
    private long _sequence;

    /// <param name="scope">
    /// The dictionary and its semantics, whether to follow the reference, and the counters of unmatched ends.
    /// </param>
    public PairMatcher(AnalysisScope scope)
    {
        _rules = new PairRules(scope);
        _isCompat = scope.IsCompat;
        _stats = scope.Stats;
    }

    /// <summary>Takes note of a sample; to be called for every one, in order, before its role is asked for.</summary>
    /// <returns>The end that the sample is.</returns>
    public PairRole Observe(in TraceEvent sample)
    {
        ulong time = sample.Time;
        if (_isCompat && time == 0)
            return PairRole.None;

        _firstTimes.Observe(sample.Cpu, time);
        _lastTime = Math.Max(_lastTime, time);
        PairRole role = _rules.RoleOf(sample.Tracepoint);
        if (role == PairRole.Exit)
            _rules.NoteExit(sample.Tracepoint);

        return role;
    }

    /// <summary>Opens a pair.</summary>
    /// <exception cref="NestedEntryException">Compat mode, and one is open already.</exception>
    public void Enter(in TraceEvent sample, TEntry entry)
    {
        PairKey key = KeyOf(sample);
        if (!_open.TryGetValue(key, out List<Open>? stack))
        {
            stack = _spare.Count > 0 ? _spare.Pop() : [];
            _open.Add(key, stack);
        }

        ulong time = sample.Time;
        uint cpu = sample.Cpu;
        ulong cpuStart = _firstTimes[cpu];
        var open = new Open(entry, sample.Tracepoint, time, cpu, _sequence++);
        if (_isCompat && stack.Count > 0)
        {
            if (cpuStart <= stack[0].Time)
                throw new NestedEntryException(
                    $"nested entry of {MessageText.Shorten(_rules.NameOf(sample.Tracepoint))} at {time} ns: "
                        + $"the one of {stack[0].Time} ns is still open"
                );

            stack[0] = open with { Sequence = stack[0].Sequence };
            return;
        }

        DropLost(stack, cpu, cpuStart);
        if (stack.Count == MaxDepth)
        {
            stack.RemoveAt(0);
            _stats.Count(LossKind.EntriesTooDeep);
        }

        stack.Add(open);
    }

    /// <summary>Closes the innermost pair that the sample ends.</summary>
    /// <returns>False when there is none, or when it may not be a pair for a gap between CPUs.</returns>
    public bool TryExit(in TraceEvent sample, out TimedPair<TEntry> pair)
    {
        pair = default;
        PairKey key = KeyOf(sample);
        if (!_open.TryGetValue(key, out List<Open>? stack) || stack.Count == 0)
        {
            _stats.Count(LossKind.ExitsWithoutEntry);
            return false;
        }

        ulong cpuStart = _firstTimes[sample.Cpu];
        Open open = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        bool isLost = open.Cpu != sample.Cpu && cpuStart > open.Time;
        if (isLost)
        {
            _stats.Count(LossKind.PairsAcrossGap);
            DropLost(stack, sample.Cpu, cpuStart);
        }

        if (stack.Count == 0 && _open.Count > KeptStacks)
        {
            _open.Remove(key);
            _spare.Push(stack);
        }

        if (isLost)
            return false;

        ulong time = sample.Time;
        pair = new TimedPair<TEntry>(
            open.Entry,
            open.Tracepoint,
            open.Time,
            open.Cpu,
            time > open.Time ? time - open.Time : 0,
            false
        );
        return true;
    }

    /// <summary>
    /// The entries still open at the trace's end, in the order in which they were opened; they last until its last
    /// sample.
    /// </summary>
    /// <remarks>Entries whose exit was never recorded at all are not pairs; they are counted as lost.</remarks>
    public IEnumerable<TimedPair<TEntry>> Finish()
    {
        var rest = new List<Open>();
        foreach ((PairKey key, List<Open> stack) in _open)
        {
            if (_rules.HasExit(key.Group) || _isCompat)
                rest.AddRange(stack);
            else
                _stats.Count(LossKind.EntriesNeverClosed, stack.Count);
        }

        rest.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        foreach (Open open in rest)
        {
            ulong length = _lastTime > open.Time ? _lastTime - open.Time : 0;
            yield return new TimedPair<TEntry>(open.Entry, open.Tracepoint, open.Time, open.Cpu, length, true);
        }
    }

    private PairKey KeyOf(in TraceEvent sample) =>
        new(_rules.IsPerCpu(sample.Tracepoint) ? sample.Cpu : sample.Thread, _rules.GroupOf(sample.Tracepoint));

    /// <summary>
    /// Gives up entries of other CPUs from before this CPU began to record: their exits may be missing.
    /// </summary>
    private void DropLost(List<Open> stack, uint cpu, ulong cpuStart)
    {
        int lost = 0;
        while (lost < stack.Count && stack[lost].Cpu != cpu && stack[lost].Time < cpuStart)
            lost++;

        if (lost > 0)
        {
            stack.RemoveRange(0, lost);
            _stats.Count(LossKind.PairsAcrossGap, lost);
        }
    }

    private readonly record struct Open(TEntry Entry, int Tracepoint, ulong Time, uint Cpu, long Sequence);
}
