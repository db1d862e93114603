using Osprey.Guests;
using Osprey.Guests.Scheduling;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Scheduling;

/// <summary>A thread of the guest that waits for memory.</summary>
/// <param name="Address">Address of the thread's object.</param>
/// <param name="Thread">The thread; null when it is not in the list of threads.</param>
/// <param name="Size">The number of bytes that it waits for.</param>
public sealed record MemoryWaiterRow(ulong Address, GuestThreadState? Thread, ulong Size)
{
    /// <summary>The columns.</summary>
    public static Shape<MemoryWaiterRow> Shape { get; } =
        new Shape<MemoryWaiterRow>("waiters")
            .Unsigned("id", row => row.Thread?.Id)
            .Address("address", row => row.Address)
            .Text("name", row => row.Thread?.Name)
            .Text("state", row => row.Thread?.State)
            .Size("waitsFor", row => row.Size);

    /// <summary>Lists them, the first to be served first.</summary>
    /// <exception cref="TargetException">The system has no such ability, or its kernel is not known.</exception>
    public static GuestList<MemoryWaiterRow> Ask(GuestSession session, QuestionContext context)
    {
        var scheduler = session.RequireAbility<IGuestScheduler>("the threads that wait for memory can't be listed");
        GuestList<GuestMemoryWaiter> waiters = scheduler.ReadMemoryWaiters(session.Kernel, context.Cancellation);
        if (waiters.Items.Count == 0)
            return new GuestList<MemoryWaiterRow>([], waiters.Defects);

        GuestThreadList threads = session.ListThreads(context.Cancellation);
        return new GuestList<MemoryWaiterRow>(
            [
                .. waiters.Items.Select(waiter => new MemoryWaiterRow(
                    waiter.Thread,
                    threads.Threads.FirstOrDefault(thread => thread.Address == waiter.Thread),
                    waiter.Size
                )),
            ],
            waiters.Defects
        );
    }
}
