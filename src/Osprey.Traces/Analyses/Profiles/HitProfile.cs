using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Profiles;

/// <summary>Counts samples by backtrace: where the traced events come from.</summary>
public sealed class HitProfile : TraceAnalysis
{
    private readonly AnalysisScope _scope;
    private readonly bool[]? _wanted;

    /// <param name="scope">What counts.</param>
    /// <param name="grouping">What there is one tree for.</param>
    /// <param name="tracepoint">Only samples of this tracepoint, by exact name; null for all.</param>
    public HitProfile(AnalysisScope scope, ProfileGrouping grouping, string? tracepoint = null)
    {
        _scope = scope;
        _wanted = tracepoint is null ? null : scope.MaskOf(tracepoint);
        Profile = new StackProfile(grouping);
    }

    /// <summary>The answer.</summary>
    public StackProfile Profile { get; }

    /// <summary>Samples that were wanted, with a backtrace or without.</summary>
    internal long Candidates { get; private set; }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        if (_wanted is not null && !_wanted[sample.Tracepoint])
            return;

        ulong time = sample.Time;
        if (
            !_scope.Range.TryTrim(time, time, out Duration duration)
            || (!_scope.Filter.IsNone && !_scope.Filter.Matches(sample, _scope.Tracepoints))
        )
        {
            return;
        }

        Candidates++;
        if (sample.HasBacktrace)
            Profile.Add(Profile.Stacks.Intern(sample.Backtrace), SampleOrigin.Of(sample), duration);
        else
            _scope.Stats.Count(LossKind.SamplesWithoutBacktrace);
    }
}
