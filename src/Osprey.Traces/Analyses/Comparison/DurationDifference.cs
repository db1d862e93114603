using Osprey.Traces.Analyses.Summaries;

namespace Osprey.Traces.Analyses.Comparison;

/// <summary>How long the pairs of a timed tracepoint took in two traces.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="A">In the first; null when it has none.</param>
/// <param name="B">In the second; null when it has none.</param>
/// <param name="Total">The sum of all in nanoseconds, for each second of the trace or altogether.</param>
public sealed record DurationDifference(string Name, DurationStatistics? A, DurationStatistics? B, Change Total)
{
    /// <summary>What half of the pairs do not exceed, in nanoseconds.</summary>
    public Change Median => Percentile(0.5);

    /// <summary>What 99 of 100 pairs do not exceed, in nanoseconds.</summary>
    public Change Percentile99 => Percentile(0.99);

    private Change Percentile(double fraction) => new(A?.Percentile(fraction) ?? 0, B?.Percentile(fraction) ?? 0);
}
