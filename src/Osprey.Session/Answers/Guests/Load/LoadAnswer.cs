namespace Osprey.Session.Answers.Guests.Load;

/// <summary>The answer to: which threads ran since the last look, and how busy was each CPU?</summary>
/// <param name="Time">The guest's time in nanoseconds since boot; null when not known.</param>
/// <param name="Period">The time that is looked at, in nanoseconds; null when not known.</param>
/// <param name="IsSinceBoot">True when that is all the time since boot.</param>
/// <param name="Cpus">The CPUs in order.</param>
/// <param name="Threads">The threads without those that idle, the one that ran most first.</param>
/// <param name="Defects">The reasons why threads may be missing, in words.</param>
public sealed record LoadAnswer(
    long? Time,
    long? Period,
    bool IsSinceBoot,
    IReadOnlyList<CpuLoad> Cpus,
    IReadOnlyList<ThreadLoad> Threads,
    IReadOnlyList<string> Defects
)
{
    /// <summary>The columns.</summary>
    public static Shape<LoadAnswer> Shape { get; } =
        new Shape<LoadAnswer>("load")
            .Time("time", answer => (ulong?)answer.Time)
            .Duration("period", answer => answer.Period)
            .Boolean("sinceBoot", answer => answer.IsSinceBoot)
            .Records("cpus", answer => answer.Cpus, () => CpuLoad.Shape)
            .Records("threads", answer => answer.Threads, () => ThreadLoad.Shape)
            .Texts("defects", answer => answer.Defects);
}
