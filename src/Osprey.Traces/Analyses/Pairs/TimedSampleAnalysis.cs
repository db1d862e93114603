using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>Lists the timed pairs of a trace with their entries' arguments, in the order in which they end.</summary>
public sealed class TimedSampleAnalysis : TraceAnalysis
{
    private readonly AnalysisScope _scope;
    private readonly PairMatcher<SampleCopy?> _matcher;
    private readonly Action<TimedSample> _row;
    private readonly bool _withBacktraces;
    private readonly bool _withExits;

    /// <param name="scope">What counts; goes by the entry.</param>
    /// <param name="withBacktraces">Whether the entries' backtraces are wanted.</param>
    /// <param name="withExits">Whether the exits' arguments are wanted.</param>
    /// <param name="row">Called for every pair that overlaps the range.</param>
    public TimedSampleAnalysis(AnalysisScope scope, bool withBacktraces, bool withExits, Action<TimedSample> row)
    {
        _scope = scope;
        _withBacktraces = withBacktraces;
        _withExits = withExits;
        _row = row;
        _matcher = new PairMatcher<SampleCopy?>(scope.Tracepoints, scope.IsCompat, scope.Stats);
    }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        switch (_matcher.Observe(sample))
        {
            case PairRole.Entry:
                bool isWanted = _scope.Filter.IsNone || _scope.Filter.Matches(sample, _scope.Tracepoints);
                _matcher.Enter(sample, isWanted ? new SampleCopy(sample, _withBacktraces) : null);
                break;

            case PairRole.Exit when _matcher.TryExit(sample, out TimedPair<SampleCopy?> pair):
                if (pair.Entry is not null && IsInRange(pair))
                    _row(new TimedSample(pair.Entry, pair.Nanoseconds, pair.Time, _withExits ? new SampleCopy(sample, false) : null, false));

                break;
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        foreach (TimedPair<SampleCopy?> pair in _matcher.Finish())
        {
            if (pair.Entry is not null && IsInRange(pair))
                _row(new TimedSample(pair.Entry, pair.Nanoseconds, pair.Time, null, true));
        }
    }

    private bool IsInRange(in TimedPair<SampleCopy?> pair) =>
        _scope.Range.TryTrim(pair.Time, pair.Time + pair.Nanoseconds, out _);
}
