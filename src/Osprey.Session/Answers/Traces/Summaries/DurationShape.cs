using Osprey.Traces.Analyses.Summaries;

namespace Osprey.Session.Answers.Traces.Summaries;

/// <summary>The columns of the durations of timed tracepoints.</summary>
internal static class DurationShape
{
    /// <summary>The columns.</summary>
    public static Shape<DurationStatistics> Shape { get; } =
        new Shape<DurationStatistics>("timed")
            .Text("name", item => item.Name)
            .Integer("count", item => item.Count)
            .FractionalDuration("min", item => item.Percentile(0))
            .FractionalDuration("p50", item => item.Percentile(0.5))
            .FractionalDuration("p90", item => item.Percentile(0.9))
            .FractionalDuration("p99", item => item.Percentile(0.99))
            .FractionalDuration("p99.9", item => item.Percentile(0.999))
            .FractionalDuration("max", item => item.Percentile(1))
            .FractionalDuration("total", item => item.Total);
}
