using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>Lists the timed pairs of a trace with their entries' arguments, in the order in which they end.</summary>
public sealed class TimedSampleAnalysis : TraceAnalysis
{
    private readonly AnalysisScope _scope;
    private readonly PairMatcher<KeptSample> _matcher;
    private readonly SampleArena _arena = new();
    private readonly Action<TimedSample> _row;
    private readonly bool _withBacktraces;
    private readonly bool _withExits;

    /// <param name="scope">What counts; goes by the entry.</param>
    /// <param name="withBacktraces">Whether the entries' backtraces are wanted.</param>
    /// <param name="withExits">Whether the exits' arguments are wanted.</param>
    /// <param name="row">
    /// Called for every pair that overlaps the range; to be given up with <see cref="Release"/>.
    /// </param>
    public TimedSampleAnalysis(AnalysisScope scope, bool withBacktraces, bool withExits, Action<TimedSample> row)
    {
        _scope = scope;
        _withBacktraces = withBacktraces;
        _withExits = withExits;
        _row = row;
        _matcher = new PairMatcher<KeptSample>(scope);
    }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        switch (_matcher.Observe(sample))
        {
            case PairRole.Entry:
                bool isWanted = _scope.Filter.IsNone || _scope.Filter.Matches(sample, _scope.Tracepoints);
                _matcher.Enter(sample, isWanted ? _arena.Add(sample, _withBacktraces) : default);
                break;

            case PairRole.Exit when _matcher.TryExit(sample, out TimedPair<KeptSample> pair):
                if (IsWanted(pair))
                    _row(
                        new TimedSample(
                            pair.Entry,
                            pair.Nanoseconds,
                            pair.Time,
                            _withExits ? _arena.Add(sample, false) : default,
                            false
                        )
                    );

                break;
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        foreach (TimedPair<KeptSample> pair in _matcher.Finish())
        {
            if (IsWanted(pair))
                _row(new TimedSample(pair.Entry, pair.Nanoseconds, pair.Time, default, true));
        }
    }

    /// <summary>Gives up the memory of a row.</summary>
    public void Release(TimedSample row)
    {
        _arena.Release(row.Entry);
        _arena.Release(row.Exit);
    }

    private bool IsWanted(in TimedPair<KeptSample> pair)
    {
        if (pair.Entry.IsNone)
            return false;

        if (_scope.Range.TryTrim(pair.Time, pair.Time + pair.Nanoseconds, out _))
            return true;

        _arena.Release(pair.Entry);
        return false;
    }
}
