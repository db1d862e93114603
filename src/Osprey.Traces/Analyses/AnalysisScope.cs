using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Analyses;

/// <summary>
/// The facts that every analysis is given: the trace's dictionary, the part of it that counts, and whose rules hold.
/// </summary>
/// <param name="Tracepoints">The trace's dictionary.</param>
/// <param name="Stats">Counts the losses.</param>
/// <param name="Range">The stretch of time that counts.</param>
/// <param name="Filter">The samples that count.</param>
/// <param name="IsCompat">Whether to follow the reference, quirks included.</param>
/// <param name="Semantics">The meaning of the trace's tracepoints and stacks.</param>
public sealed record AnalysisScope(
    TracepointTable Tracepoints,
    TraceStats Stats,
    TimeRange Range,
    SampleFilter Filter,
    bool IsCompat,
    TraceSemantics Semantics
)
{
    /// <summary>Tells whether a sample lies in the range and passes the filter.</summary>
    public bool Includes(in TraceEvent sample) =>
        Range.Contains(sample.Time) && (Filter.IsNone || Filter.Matches(sample, Tracepoints));

    /// <summary>Tells for each tracepoint whether it has this name.</summary>
    internal bool[] MaskOf(string name) => [.. Tracepoints.All.Select(tracepoint => tracepoint.Name == name)];

    /// <summary>Tells for each tracepoint whether it records this event.</summary>
    internal bool[] MaskOf(TracepointRole role) =>
        [.. Tracepoints.All.Select(tracepoint => Semantics.RoleOf(tracepoint) == role)];

    /// <summary>Finds the role's argument in each tracepoint; -1 in tracepoints of other roles.</summary>
    internal int[] ArgumentsOf(TracepointRole role) =>
        [
            .. Tracepoints.All.Select(tracepoint =>
                Semantics.RoleOf(tracepoint) == role ? Semantics.FindRoleArgument(tracepoint) : -1
            ),
        ];
}
