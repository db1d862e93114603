using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Profiles;

/// <summary>Adds up how long timed tracepoints took, by the backtrace of their entry.</summary>
public sealed class DurationProfile : TraceAnalysis
{
    private readonly AnalysisScope _scope;
    private readonly bool[] _wanted;
    private readonly PairMatcher<Entry> _matcher;

    /// <param name="scope">What counts.</param>
    /// <param name="grouping">What there is one tree for.</param>
    /// <param name="isWanted">Which entries count, by tracepoint.</param>
    public DurationProfile(AnalysisScope scope, ProfileGrouping grouping, Predicate<Tracepoint> isWanted)
    {
        _scope = scope;
        _wanted = [.. scope.Tracepoints.All.Select(tracepoint => isWanted(tracepoint))];
        _matcher = new PairMatcher<Entry>(scope);
        Profile = new StackProfile(grouping);
    }

    /// <summary>The answer.</summary>
    public StackProfile Profile { get; }

    /// <summary>Pairs that were wanted, with a backtrace or without.</summary>
    internal long Candidates { get; private set; }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        switch (_matcher.Observe(sample))
        {
            case PairRole.Entry:
                _matcher.Enter(sample, EntryOf(sample));
                break;

            case PairRole.Exit when _matcher.TryExit(sample, out TimedPair<Entry> pair):
                Count(pair);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        foreach (TimedPair<Entry> pair in _matcher.Finish())
            Count(pair);
    }

    private Entry EntryOf(in TraceEvent sample)
    {
        if (
            !_wanted[sample.Tracepoint] || (!_scope.Filter.IsNone && !_scope.Filter.Matches(sample, _scope.Tracepoints))
        )
            return new Entry(-2, default);

        return new Entry(sample.HasBacktrace ? Profile.Stacks.Intern(sample.Backtrace) : -1, SampleOrigin.Of(sample));
    }

    private void Count(in TimedPair<Entry> pair)
    {
        if (
            pair.Entry.Stack == -2
            || !_scope.Range.TryTrim(pair.Time, pair.Time + pair.Nanoseconds, out Duration duration)
        )
            return;

        Candidates++;
        if (pair.Entry.Stack >= 0)
            Profile.Add(pair.Entry.Stack, pair.Entry.Origin, duration);
        else
            _scope.Stats.Count(LossKind.SamplesWithoutBacktrace);
    }

    /// <param name="Stack">Number of the backtrace; -1 without one, -2 when the entry does not count.</param>
    /// <param name="Origin">Where the entry comes from.</param>
    private readonly record struct Entry(int Stack, SampleOrigin Origin);
}
