using System.Runtime.InteropServices;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Summaries;

/// <summary>
/// Summarises a trace: the samples of each tracepoint, their times, and on request the durations of timed ones.
/// </summary>
public sealed class SummaryAnalysis : TraceAnalysis
{
    private readonly AnalysisScope _scope;
    private readonly PairMatcher<bool>? _matcher;
    private readonly long[] _counts;
    private readonly List<int> _countOrder = [];
    private readonly Dictionary<uint, Times> _times = [];
    private readonly Dictionary<string, List<double>> _durations = [];
    private readonly List<string> _durationOrder = [];

    /// <param name="scope">What counts; pairs go by their entry.</param>
    /// <param name="timed">Whether to match pairs too.</param>
    public SummaryAnalysis(AnalysisScope scope, bool timed)
    {
        _scope = scope;
        _counts = new long[scope.Tracepoints.Count];
        _matcher = timed ? new PairMatcher<bool>(scope) : null;
    }

    /// <summary>The number of samples that were counted.</summary>
    public long Count { get; private set; }

    /// <summary>Time of the earliest one in nanoseconds.</summary>
    public ulong First => _times.Values.Select(times => times.First).DefaultIfEmpty().Min();

    /// <summary>Time of the latest one in nanoseconds.</summary>
    public ulong Last => _times.Values.Select(times => times.Last).DefaultIfEmpty().Max();

    /// <summary>The earliest time as the reference finds it: the next time replaces a 0, whatever it is.</summary>
    public ulong FirstAsReference { get; private set; }

    /// <summary>The CPUs by their first sample.</summary>
    public IReadOnlyList<CpuTimes> Cpus =>
        [
            .. _times
                .Select(item => new CpuTimes(item.Key, item.Value.First, item.Value.Last, item.Value.Count))
                .OrderBy(cpu => cpu.First),
        ];

    /// <summary>
    /// The tracepoints that were hit, by name; several objects of one name in the order of their first sample.
    /// </summary>
    public IReadOnlyList<TracepointCount> Tracepoints =>
        [
            .. _countOrder
                .Select(index => new TracepointCount(_scope.Tracepoints[index], _counts[index]))
                .OrderBy(item => item.Tracepoint.Name, StringComparer.Ordinal),
        ];

    /// <summary>
    /// The timed tracepoints in the order of their first completed pair; empty when pairs were not asked for.
    /// </summary>
    public IReadOnlyList<DurationStatistics> Durations { get; private set; } = [];

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        bool isIncluded = _scope.Includes(sample);
        if (isIncluded)
        {
            Count++;
            if (_counts[sample.Tracepoint]++ == 0)
                _countOrder.Add(sample.Tracepoint);

            ref Times times = ref CollectionsMarshal.GetValueRefOrAddDefault(_times, sample.Cpu, out bool known);
            ulong time = sample.Time;
            FirstAsReference = FirstAsReference == 0 ? time : Math.Min(FirstAsReference, time);

            times = known
                ? new Times(Math.Min(times.First, time), Math.Max(times.Last, time), times.Count + 1)
                : new Times(time, time, 1);
        }

        if (_matcher is null)
            return;

        switch (_matcher.Observe(sample))
        {
            case PairRole.Entry:
                _matcher.Enter(sample, _scope.Filter.IsNone || _scope.Filter.Matches(sample, _scope.Tracepoints));
                break;

            case PairRole.Exit when _matcher.TryExit(sample, out TimedPair<bool> pair):
                CountPair(pair);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        if (_matcher is null)
            return;

        foreach (TimedPair<bool> pair in _matcher.Finish())
            CountPair(pair);

        Durations = [.. _durationOrder.Select(name => new DurationStatistics(name, Sort(_durations[name])))];
    }

    private static double[] Sort(List<double> durations)
    {
        double[] sorted = [.. durations];
        Array.Sort(sorted);
        return sorted;
    }

    private void CountPair(in TimedPair<bool> pair)
    {
        if (!pair.Entry || !_scope.Range.TryTrim(pair.Time, pair.Time + pair.Nanoseconds, out Duration duration))
            return;

        string name = _scope.Tracepoints[pair.Tracepoint].Name;
        if (!_durations.TryGetValue(name, out List<double>? durations))
        {
            _durations.Add(name, durations = []);
            _durationOrder.Add(name);
        }

        durations.Add(duration.Total);
    }

    private readonly record struct Times(ulong First, ulong Last, long Count);
}
