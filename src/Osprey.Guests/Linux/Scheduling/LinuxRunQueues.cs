using Osprey.Guests.Linux.Threads;
using Osprey.Guests.Scheduling;
using Osprey.Guests.Threads;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Scheduling;

/// <summary>Lists what each of Linux's CPUs runs and could run.</summary>
/// <remarks>
/// Each class of the scheduler keeps its ready tasks in its own way, in groups of groups. All of them mark the task:
/// <c>on_rq</c> is 1 for the one that runs and for those that are ready. Since 6.12 some that went to sleep stay in
/// the queue for a while and are marked (<c>sched_delayed</c>): they are not ready. The tasks of the real-time
/// scheduler come first by priority, then those of the fair one by virtual run time, which is how it chose up to 6.5;
/// later ones look at deadlines as well.
/// </remarks>
internal static class LinuxRunQueues
{
    private const ulong Queued = 1; // TASK_ON_RQ_QUEUED

    /// <summary>Lists the CPUs.</summary>
    public static GuestList<GuestRunQueue> Read(
        GuestKernel kernel,
        LinuxTaskLayout layout,
        GuestThreadList threads,
        CancellationToken cancellation
    )
    {
        // What is queued changes within microseconds: nothing that was read before is of use.
        kernel.Refresh();
        return GuestWalk<GuestRunQueue>.Read(
            kernel,
            walk =>
            {
                LinuxCpus cpus = LinuxCpus.Read(kernel);
                var running = LinuxRunning.Read(kernel, layout);
                var reader = new LinuxTaskReader(kernel, layout, running);
                if (cpus.All.Count == 0)
                    walk.AddDefect("the kernel's CPUs can't be found");

                if (layout.OnQueue is null)
                    walk.AddDefect("the kernel's tasks do not tell whether they are ready");

                ILookup<int?, GuestThreadState> ready = ListReady(kernel, layout, threads, reader, cancellation)
                    .ToLookup(task => task.Cpu);
                foreach ((int number, _) in cpus.All)
                    walk.Add(
                        new GuestRunQueue(
                            number,
                            running.FindTask(number) is { } task ? reader.Read(task) : null,
                            [.. ready[number].OrderBy(Rank).ThenBy(item => item.VirtualRuntime)],
                            []
                        )
                    );
            },
            cancellation
        );
    }

    private static IEnumerable<GuestThreadState> ListReady(
        GuestKernel kernel,
        LinuxTaskLayout layout,
        GuestThreadList threads,
        LinuxTaskReader reader,
        CancellationToken cancellation
    )
    {
        IMemoryReader memory = kernel.Values.Memory;
        foreach (GuestThreadState thread in threads.Threads)
        {
            cancellation.ThrowIfCancellationRequested();
            if (
                thread.Id != 0
                && layout.OnQueue?.Read(memory, thread.Address) == Queued
                && layout.IsDelayed?.Read(memory, thread.Address) is not > 0
                && reader.Read(thread.Address) is { IsRunning: false } now
            )
                yield return now;
        }
    }

    /// <summary>Tasks of one rank are ordered by virtual run time.</summary>
    private static double Rank(GuestThreadState task) => Math.Min(task.Priority ?? 0, 0);
}
