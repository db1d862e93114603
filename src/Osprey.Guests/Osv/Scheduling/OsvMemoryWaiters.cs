using Osprey.Guests.Scheduling;
using Osprey.Values;

namespace Osprey.Guests.Osv.Scheduling;

/// <summary>Lists the threads of OSv that wait until memory was reclaimed.</summary>
internal static class OsvMemoryWaiters
{
    /// <summary>The variable with what makes memory free, and its list of those who wait.</summary>
    public const string Reclaimer = "memory::reclaimer_thread";

    private const int MaxWaiters = 1 << 14;

    /// <summary>Lists the threads.</summary>
    public static GuestList<GuestMemoryWaiter> Read(GuestKernel kernel, CancellationToken cancellation) =>
        GuestWalk<GuestMemoryWaiter>.Read(
            kernel,
            walk =>
            {
                Value reclaimer = kernel.GetVariable(Reclaimer);
                Value? list = reclaimer.Path("_oom_blocked", "_waiters");
                if (list is null)
                    walk.AddDefect("the list of threads that wait for memory is not understood");
                else
                    walk.Visit(list, "threads that wait for memory", MaxWaiters, ReadNode);
            },
            cancellation
        );

    private static GuestMemoryWaiter? ReadNode(Value node) =>
        node.Member("owner")?.AsPointer() is > 0 and var thread && OsvPointers.Number(node.Member("bytes")) is { } size
            ? new GuestMemoryWaiter(thread, size)
            : null;
}
