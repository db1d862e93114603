using Osprey.Guests.Osv.Threads;
using Osprey.Guests.Scheduling;
using Osprey.Guests.Threads;
using Osprey.Values;

namespace Osprey.Guests.Osv.Scheduling;

/// <summary>Lists what each of OSv's CPUs runs, could run, and is about to be told of.</summary>
/// <remarks>
/// Ready threads are in the tree <c>cpu::runqueue</c>, in the order in which they will run. A thread that another CPU
/// woke up is first in <c>cpu::incoming_wakeups</c>: an array with a queue for each CPU that wakes, of which each is a
/// list through <c>thread::_wakeup_link</c>, until the CPU moves it into its tree.
/// </remarks>
internal static class OsvRunQueues
{
    private const int MaxThreads = 1 << 16;
    private const int MaxSources = 64;

    /// <summary>Lists the CPUs.</summary>
    public static GuestList<GuestRunQueue> Read(
        GuestKernel kernel,
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
                OsvCpus running = OsvCpus.Read(kernel);
                var reader = new OsvThreadReader(kernel, running);
                List<(int Number, Value Cpu)> cpus = [.. OsvCpuList.Enumerate(kernel, walk)];
                foreach ((int number, Value cpu) in cpus)
                    walk.Add(
                        new GuestRunQueue(
                            number,
                            threads.Threads.FirstOrDefault(thread =>
                                running.IsExact
                                    ? thread.ThreadPointer is { } block && running.FindRunning(block) == number
                                    : thread.IsRunning && thread.Cpu == number
                            ),
                            ReadQueue(walk, cpu.Member("runqueue"), number, reader),
                            ReadWaking(walk, cpu, number, cpus.Count, reader)
                        )
                    );
            },
            cancellation
        );
    }

    private static List<GuestThreadState> ReadQueue(
        GuestWalk<GuestRunQueue> walk,
        Value? queue,
        int cpu,
        OsvThreadReader reader
    )
    {
        var threads = new List<GuestThreadState>();
        if (queue is null)
        {
            walk.AddDefect($"the run queue of CPU {cpu} is not understood");
            return threads;
        }

        foreach (Value element in walk.Enumerate(queue, $"threads ready on CPU {cpu}", MaxThreads))
            Add(walk, threads, reader.Read(element), cpu);

        return threads;
    }

    /// <summary>
    /// Reads the wake-ups. The links are followed first and the threads read afterwards: a running guest moves them on
    /// within microseconds, and one that is not waking any more has gone on.
    /// </summary>
    private static List<GuestThreadState> ReadWaking(
        GuestWalk<GuestRunQueue> walk,
        Value cpu,
        int number,
        int cpuCount,
        OsvThreadReader reader
    )
    {
        var found = new List<Value>();
        Value? queues = cpu.Member("incoming_wakeups");
        for (int source = 0; queues is not null && source < Math.Min(cpuCount, MaxSources); source++)
        {
            if (queues.Index(source)?.Member("_head") is { } head)
                Follow(walk, head, number, found);
        }

        var threads = new List<GuestThreadState>();
        foreach (Value thread in found)
        {
            if (reader.Read(thread) is not { } state)
                walk.AddDefect($"some of the threads of CPU {number} can't be read or are none");
            else if (state.State == "waking")
                threads.Add(state);
        }

        return threads;
    }

    private static void Follow(GuestWalk<GuestRunQueue> walk, Value head, int cpu, List<Value> found)
    {
        var seen = new HashSet<ulong>();
        for (Value? helper = head; helper?.Member("_next") is { } next; )
        {
            ulong? address = next.AsPointer();
            if (address == 0)
                return;

            if (address is not { } place || !seen.Add(place) || seen.Count > MaxThreads)
            {
                walk.AddDefect($"the wake-ups of CPU {cpu} can't be read or are torn");
                return;
            }

            Value thread = OsvPointers.Target(next);
            found.Add(thread);
            helper = thread.Path("_wakeup_link", "_next");
        }
    }

    private static void Add(
        GuestWalk<GuestRunQueue> walk,
        List<GuestThreadState> threads,
        GuestThreadState? thread,
        int cpu
    )
    {
        if (thread is null)
            walk.AddDefect($"some of the threads of CPU {cpu} can't be read or are none");
        else
            threads.Add(thread);
    }
}
