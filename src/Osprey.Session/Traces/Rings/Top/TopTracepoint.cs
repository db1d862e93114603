using Osprey.Session.Answers;

namespace Osprey.Session.Traces.Rings.Top;

/// <summary>A tracepoint that was hit since the last look.</summary>
/// <param name="Name">The tracepoint.</param>
/// <param name="Hits">The number of its samples; ends of calls count as calls of the tracepoint at their begin.</param>
/// <param name="Rate">The same for each second.</param>
/// <param name="Timed">The calls that ended since the last look.</param>
/// <param name="Nanoseconds">The time that those took together.</param>
/// <param name="Slowest">The time that the slowest of those took, in nanoseconds.</param>
public sealed record TopTracepoint(string Name, long Hits, double Rate, long Timed, ulong Nanoseconds, ulong Slowest)
{
    /// <summary>The average time of a call in nanoseconds; null when none ended.</summary>
    public ulong? Average => Timed == 0 ? null : Nanoseconds / (ulong)Timed;

    /// <summary>The columns.</summary>
    public static Shape<TopTracepoint> Shape { get; } =
        new Shape<TopTracepoint>("tracepoints")
            .Text("tracepoint", row => row.Name)
            .Integer("hits", row => row.Hits)
            .Rate("rate", row => row.Rate)
            .Integer("timed", row => row.Timed)
            .Duration("total", row => row.Timed == 0 ? null : row.Nanoseconds)
            .Duration("average", row => row.Average)
            .Duration("slowest", row => row.Timed == 0 ? null : row.Slowest);
}
