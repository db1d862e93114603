using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses.Comparison;

/// <summary>The profile of two traces that is compared.</summary>
/// <param name="Kind">The events that are profiled.</param>
/// <param name="Name">For timed pairs: the entry's name or a glob; null for all.</param>
public sealed record ComparedProfile(ComparedProfileKind Kind, NamePattern? Name = null)
{
    /// <summary>Tells whether durations are compared, and not hits.</summary>
    public bool UsesTime => Kind != ComparedProfileKind.Hits;

    /// <summary>The analysis that makes the profile of one trace.</summary>
    internal (TraceAnalysis Analysis, StackProfile Profile) Create(AnalysisScope scope)
    {
        if (Kind == ComparedProfileKind.Hits)
        {
            var hits = new HitProfile(scope, ProfileGrouping.None);
            return (hits, hits.Profile);
        }

        var durations = new DurationProfile(
            scope,
            ProfileGrouping.None,
            tracepoint => IsWanted(tracepoint, scope.Semantics)
        );
        return (durations, durations.Profile);
    }

    private bool IsWanted(Tracepoint tracepoint, TraceSemantics semantics) =>
        Kind switch
        {
            ComparedProfileKind.Wait => semantics.RoleOf(tracepoint) == TracepointRole.Wait,
            ComparedProfileKind.Lock => semantics.RoleOf(tracepoint) == TracepointRole.LockWait,
            _ => Name is null || Name.Matches(tracepoint.Name),
        };
}
