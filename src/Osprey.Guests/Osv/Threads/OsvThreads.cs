using Osprey.Guests.Threads;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv.Threads;

/// <summary>Lists OSv's threads.</summary>
/// <remarks>
/// All threads are in <c>sched::thread_map</c>, a hash table from number to object; kernels before December 2013 keep
/// an intrusive list. A running guest adds and removes threads while we walk, so that the walk checks what it meets:
/// an object counts as a thread only when its <c>detached_state</c> points back at it. When the number of threads or
/// the last number that was given differ after the walk, it is done again.
/// </remarks>
internal static class OsvThreads
{
    private const int MaxThreads = 1 << 18;

    /// <summary>Lists the threads by number.</summary>
    public static GuestThreadList Read(GuestKernel kernel, CancellationToken cancellation)
    {
        long? time = null;
        GuestList<GuestThreadState> threads = GuestWalk<GuestThreadState>.Read(
            kernel,
            walk =>
            {
                OsvCpus cpus = OsvCpus.Read(kernel);
                time = cpus.Time;
                var reader = new OsvThreadReader(kernel, cpus);
                var seen = new HashSet<ulong>();
                walk.Visit(
                    kernel.GetVariable("sched::thread_map", "sched::thread_list"),
                    "threads",
                    MaxThreads,
                    // A damaged list may have a thread twice.
                    entry => reader.Read(entry) is { } thread && seen.Add(thread.Address) ? thread : null
                );
            },
            cancellation,
            () => ReadCounters(kernel),
            "the guest began or ended threads during each of the walks"
        );
        return new GuestThreadList([.. threads.Items.OrderBy(thread => thread.Id)], threads.Defects, time);
    }

    private static (ulong Count, ulong Last) ReadCounters(GuestKernel kernel)
    {
        ulong last = 0;
        kernel.FindVariable("sched::thread::_s_idgen")?.TryGetUInt64(out last);
        ulong count = (kernel.FindVariable("sched::thread_map")?.AsContainer() as ContainerView.Items)?.Count ?? 0;
        return (count, last);
    }
}
