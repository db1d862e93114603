using Osprey.Guests.Threads;
using Osprey.Session.Answers;

namespace Osprey.Session.Traces.Rings.Top;

/// <summary>A call that ended since the last look.</summary>
/// <param name="Time">Its begin, in nanoseconds since the guest's boot.</param>
/// <param name="Duration">The time that it took, in nanoseconds.</param>
/// <param name="Thread">The thread, as the guest knows it.</param>
/// <param name="ThreadName">The thread's name.</param>
/// <param name="Cpu">The CPU that it began on; null when not known.</param>
/// <param name="Tracepoint">The tracepoint at its begin.</param>
/// <param name="Arguments">The arguments in words.</param>
/// <param name="Result">What it ended with, in words; null when its end says nothing.</param>
public sealed record TopCall(
    ulong Time,
    ulong Duration,
    ulong Thread,
    string ThreadName,
    uint? Cpu,
    string Tracepoint,
    string Arguments,
    string? Result
)
{
    /// <summary>
    /// The system's number for the thread; null when the guest was not asked, or has another thread there by now.
    /// </summary>
    public ulong? ThreadId { get; init; }

    /// <summary>The thread in words, as others name it: "12 (worker)"; its name alone without its number.</summary>
    public string ThreadLabel =>
        ThreadId is { } id ? new GuestThreadState(id, Thread, ThreadName, "").Label : ThreadName;

    /// <summary>The columns.</summary>
    public static Shape<TopCall> Shape { get; } =
        new Shape<TopCall>("slowest")
            .Time("time", call => call.Time)
            .Duration("duration", call => call.Duration)
            .Address("thread", call => call.Thread)
            .Text("threadName", call => call.ThreadName)
            .Unsigned("id", call => call.ThreadId)
            .Unsigned("cpu", call => call.Cpu)
            .Text("tracepoint", call => call.Tracepoint)
            .Text("arguments", call => call.Arguments)
            .Text("result", call => call.Result);
}
