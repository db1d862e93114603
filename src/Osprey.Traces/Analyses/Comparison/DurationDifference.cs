using Osprey.Traces.Analyses.Summaries;

namespace Osprey.Traces.Analyses.Comparison;

/// <summary>The durations of a timed tracepoint's pairs in two traces.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="A">In the first; null when it has none.</param>
/// <param name="B">In the second; null when it has none.</param>
/// <param name="Total">The sum of all in nanoseconds, for each second of the trace or altogether.</param>
public sealed record DurationDifference(string Name, DurationStatistics? A, DurationStatistics? B, Change Total)
{
    /// <summary>The duration that half of the pairs do not exceed, in nanoseconds.</summary>
    public Change Median => Percentile(0.5);

    /// <summary>The duration that 99 of 100 pairs do not exceed, in nanoseconds.</summary>
    public Change Percentile99 => Percentile(0.99);

    /// <summary>Tells whether both traces have the same number of pairs and the same of all that is shown.</summary>
    public bool IsSame => A?.Count == B?.Count && Total.Delta == 0 && Median.Delta == 0 && Percentile99.Delta == 0;

    private Change Percentile(double fraction) => new(A?.Percentile(fraction) ?? 0, B?.Percentile(fraction) ?? 0);
}
