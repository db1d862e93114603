namespace Osprey.Traces.Analyses.Summaries;

/// <summary>The durations of the pairs of one timed tracepoint.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="Sorted">The durations in nanoseconds, shortest first; at least one.</param>
public sealed record DurationStatistics(string Name, double[] Sorted)
{
    /// <summary>The number of pairs.</summary>
    public int Count => Sorted.Length;

    /// <summary>The sum in nanoseconds.</summary>
    public double Total { get; } = Sorted.Sum();

    /// <summary>The duration that a fraction of the pairs does not exceed.</summary>
    /// <param name="fraction">0 (the shortest) to 1 (the longest).</param>
    public double Percentile(double fraction) => Sorted[(int)Math.Ceiling((Sorted.Length - 1) * fraction)];
}
