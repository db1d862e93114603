using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Comparison;

/// <summary>Which profile of two traces is compared.</summary>
/// <param name="Kind">What is profiled.</param>
/// <param name="Name">For timed pairs: the entry's name or a glob; null for all.</param>
public sealed record ComparedProfile(ComparedProfileKind Kind, NamePattern? Name = null)
{
    /// <summary>Whether durations are compared, and not hits.</summary>
    public bool UsesTime => Kind != ComparedProfileKind.Hits;

    /// <summary>The analysis that makes the profile of one trace.</summary>
    internal (TraceAnalysis Analysis, StackProfile Profile) Create(AnalysisScope scope)
    {
        if (Kind == ComparedProfileKind.Hits)
        {
            var hits = new HitProfile(scope, ProfileGrouping.None);
            return (hits, hits.Profile);
        }

        var durations = new DurationProfile(scope, ProfileGrouping.None, IsWanted);
        return (durations, durations.Profile);
    }

    private bool IsWanted(Tracepoint tracepoint) =>
        Kind switch
        {
            ComparedProfileKind.Wait => tracepoint.Name == "sched_wait",
            ComparedProfileKind.Lock => tracepoint.Name == "mutex_lock_wait",
            _ => Name is null || Name.Matches(tracepoint.Name),
        };
}
