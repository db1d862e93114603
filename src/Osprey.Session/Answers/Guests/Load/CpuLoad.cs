namespace Osprey.Session.Answers.Guests.Load;

/// <summary>The load of a guest's CPU.</summary>
/// <param name="Cpu">The system's number for it.</param>
/// <param name="Busy">Percent of the time in which it did not idle; null when not known.</param>
/// <param name="Ready">The number of threads that are ready to run on it and wait for it.</param>
/// <param name="Running">The number of the thread that runs on it; null when none was seen to.</param>
/// <param name="RunningName">The name of that thread; null when none was seen to.</param>
public sealed record CpuLoad(int Cpu, double? Busy, int Ready, ulong? Running, string? RunningName)
{
    /// <summary>The columns.</summary>
    public static Shape<CpuLoad> Shape { get; } =
        new Shape<CpuLoad>("cpus")
            .Integer("cpu", load => load.Cpu)
            .Share("busy", load => load.Busy)
            .Integer("ready", load => load.Ready)
            .Unsigned("running", load => load.Running)
            .Text("runningName", load => load.RunningName);
}
