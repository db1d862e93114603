using Osprey.Guests.Threads;

namespace Osprey.Session.Answers.Guests.Load;

/// <summary>The part of a time that a thread of a guest ran.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="RanFor">The time that it ran, in nanoseconds.</param>
/// <param name="Share">The same in percent of one CPU's time; null when the time is not known.</param>
public sealed record ThreadLoad(GuestThreadState Thread, long RanFor, double? Share)
{
    /// <summary>The columns.</summary>
    public static Shape<ThreadLoad> Shape { get; } =
        new Shape<ThreadLoad>("threads")
            .Unsigned("id", load => load.Thread.Id)
            .Text("name", load => load.Thread.Name)
            .Integer("cpu", load => load.Thread.Cpu)
            .Text("state", load => load.Thread.State)
            .Share("share", load => load.Share)
            .Duration("ranFor", load => load.RanFor)
            .Duration("cpuTime", load => load.Thread.CpuTime);
}
