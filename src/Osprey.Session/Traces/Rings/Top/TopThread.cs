using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Threads;

namespace Osprey.Session.Traces.Rings.Top;

/// <summary>A thread that is in a call which has not ended.</summary>
/// <param name="Thread">The thread, as the guest knows it.</param>
/// <param name="Name">Its name in the newest of the samples.</param>
/// <param name="Cpu">The CPU that its outermost call began on; null when not known.</param>
/// <param name="Since">The time since the begin of that call, in nanoseconds.</param>
/// <param name="Calls">The calls that it is in, the outermost first.</param>
public sealed record TopThread(ulong Thread, string Name, uint? Cpu, ulong Since, IReadOnlyList<TopOpenCall> Calls)
{
    /// <summary>
    /// The thread as the guest's scheduler has it, and what it waits for; null when the guest was not asked or can't
    /// tell.
    /// </summary>
    public ThreadRow? State { get; init; }

    /// <summary>The thread in words, as others name it: "12 (worker)"; its name alone without the state.</summary>
    public string Label => State?.State.Label ?? Name;

    /// <summary>The columns.</summary>
    public static Shape<TopThread> Shape { get; } =
        new Shape<TopThread>("waits")
            .Address("thread", row => row.Thread)
            .Text("threadName", row => row.State?.State.Name ?? row.Name)
            .Unsigned("id", row => row.State?.State.Id)
            .Unsigned("cpu", row => row.Cpu)
            .Duration("since", row => row.Since)
            .Text("state", row => row.State?.State.State)
            .Text("waitsFor", row => row.State?.Wait?.Description)
            .Address("waitObject", row => row.State?.Wait?.Object)
            .Unsigned("waitOwner", row => row.State?.Wait?.Owner)
            .Records("calls", row => row.Calls, () => TopOpenCall.Shape);
}
