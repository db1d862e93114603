using Osprey.Session.Answers;

namespace Osprey.Session.Traces.Rings.Top;

/// <summary>The answer to: what do the guest's tracepoints say since the last look?</summary>
/// <param name="Time">The time of the newest sample, in nanoseconds since boot; null when there is none yet.</param>
/// <param name="Period">The time that is looked at, in nanoseconds.</param>
/// <param name="Samples">The samples that were read in it, also those that were not asked for.</param>
/// <param name="Lost">What was overwritten in it before it could be read, by CPU.</param>
/// <param name="Tracepoints">The tracepoints that were hit, the one that was hit most first.</param>
/// <param name="Slowest">
/// The slowest calls that ended, the slowest first; without waits of the scheduler, and CPUs that idle.
/// </param>
/// <param name="Waits">The threads that are in a call now, the one that is in it longest first.</param>
/// <param name="Defects">The reasons why samples or threads may be missing, in words.</param>
public sealed record TopLook(
    ulong? Time,
    ulong Period,
    long Samples,
    IReadOnlyList<TopLoss> Lost,
    IReadOnlyList<TopTracepoint> Tracepoints,
    IReadOnlyList<TopCall> Slowest,
    IReadOnlyList<TopThread> Waits,
    IReadOnlyList<string> Defects
)
{
    /// <summary>The columns.</summary>
    public static Shape<TopLook> Shape { get; } =
        new Shape<TopLook>("looks")
            .Time("time", look => look.Time)
            .Duration("period", look => look.Period)
            .Integer("samples", look => look.Samples)
            .Rate("rate", look => RateOf(look.Samples, look.Period))
            .Records("lost", look => look.Lost, () => TopLoss.Shape)
            .Records("tracepoints", look => look.Tracepoints, () => TopTracepoint.Shape)
            .Records("slowest", look => look.Slowest, () => TopCall.Shape)
            .Records("waits", look => look.Waits, () => TopThread.Shape)
            .Texts("defects", look => look.Defects);

    /// <summary>Gives a count for each second of a period; 0 for one that has no length.</summary>
    public static double RateOf(long count, ulong period) => period == 0 ? 0 : count * 1e9 / period;
}
