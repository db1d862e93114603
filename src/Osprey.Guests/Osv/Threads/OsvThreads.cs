using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Values;
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
    private const int MaxWalks = 4;
    private const int MaxThreads = 1 << 18;

    /// <summary>Lists the threads by number.</summary>
    public static GuestThreadList Read(GuestKernel kernel, CancellationToken cancellation)
    {
        for (int walk = 1; ; walk++)
        {
            (ulong Count, ulong Last) before = ReadCounters(kernel);
            var defects = new List<string>();
            OsvCpus cpus = OsvCpus.Read(kernel);
            List<GuestThreadState> threads = Walk(kernel, cpus, defects, cancellation);
            bool isSame = ReadCounters(kernel) == before;
            if ((isSame && defects.Count == 0) || walk == MaxWalks)
            {
                if (!isSame && defects.Count == 0)
                    defects.Add("the guest began or ended threads during each of the walks");

                threads.Sort((one, other) => one.Id.CompareTo(other.Id));
                return new GuestThreadList(threads, defects, cpus.Time);
            }
        }
    }

    private static List<GuestThreadState> Walk(
        GuestKernel kernel,
        OsvCpus cpus,
        List<string> defects,
        CancellationToken cancellation
    )
    {
        Value list = kernel.GetVariable("sched::thread_map", "sched::thread_list");
        if (list.AsContainer() is not ContainerView.Items items)
            throw new TargetException($"{list.Problem?.Message ?? "the kernel's list of threads is not understood"}");

        var reader = new OsvThreadReader(kernel, cpus);
        var threads = new List<GuestThreadState>();
        int strange = 0;
        ElementWalk walk = items.Start(MaxThreads);
        foreach (ContainerElement element in walk.Enumerate())
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Read(element.Value) is { } thread)
                threads.Add(thread);
            else
                strange++;
        }

        if (walk.Defect is { } defect)
            defects.Add(defect);

        if (strange > 0)
            defects.Add($"{strange} of its entries {(strange == 1 ? "is no thread" : "are no threads")}");

        return threads;
    }

    private static (ulong Count, ulong Last) ReadCounters(GuestKernel kernel)
    {
        ulong last = 0;
        kernel.FindVariable("sched::thread::_s_idgen")?.TryGetUInt64(out last);
        ulong count = (kernel.FindVariable("sched::thread_map")?.AsContainer() as ContainerView.Items)?.Count ?? 0;
        return (count, last);
    }
}
