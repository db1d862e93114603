using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses;

/// <summary>
/// What every analysis is told: the trace's dictionary, which part of the trace counts, and whose rules hold.
/// </summary>
/// <param name="Tracepoints">The trace's dictionary.</param>
/// <param name="Stats">Where losses are counted.</param>
/// <param name="Range">The stretch of time that counts.</param>
/// <param name="Filter">The samples that count.</param>
/// <param name="IsCompat">Whether to follow the reference, quirks included.</param>
public sealed record AnalysisScope(
    TracepointTable Tracepoints,
    TraceStats Stats,
    TimeRange Range,
    SampleFilter Filter,
    bool IsCompat
)
{
    /// <summary>Whether a sample lies in the range and passes the filter.</summary>
    public bool Includes(in TraceEvent sample) =>
        Range.Contains(sample.Time) && (Filter.IsNone || Filter.Matches(sample, Tracepoints));

    /// <summary>For each tracepoint, whether it has this name.</summary>
    internal bool[] MaskOf(string name) => [.. Tracepoints.All.Select(tracepoint => tracepoint.Name == name)];
}
