using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Threads;

/// <summary>Lists Linux's tasks.</summary>
/// <remarks>
/// <para>
/// The first threads of all processes, and kernel threads, are a ring through <c>task_struct.tasks</c> that begins at
/// <c>init_task</c>. The threads of a process are a ring through <c>thread_node</c> that begins in its
/// <c>signal_struct</c>; before 3.14, one through <c>thread_group</c>. Idle tasks, of which each CPU has one, are in no
/// ring but in the run queues.
/// </para>
/// <para>
/// A guest that runs changes the rings meanwhile. The kernel counts its tasks and those that it ever made: when either
/// differs after the walk, or the walk met another number, it is done again. A ring ends where it began, at a task
/// that was met before, or at the limit. A task that was collected meanwhile is left out.
/// </para>
/// </remarks>
internal static class LinuxTasks
{
    private const int MaxTasks = 1 << 22; // PID_MAX_LIMIT

    /// <summary>Lists the tasks by number.</summary>
    /// <exception cref="TargetException">The kernel's symbols or types are not known.</exception>
    public static GuestThreadList Read(GuestKernel kernel, LinuxTaskLayout layout, CancellationToken cancellation)
    {
        ulong first =
            kernel.FindSymbol("init_task")
            ?? throw new TargetException(
                TargetProblem.KernelUnknown,
                "the kernel's symbols are not known, so that its tasks can't be found: it has no symbol init_task"
            );
        ulong? count = kernel.FindSymbol("nr_threads");
        ulong? made = kernel.FindSymbol("total_forks");
        IMemoryReader memory = kernel.Values.Memory;
        long? time = null;
        GuestList<GuestThreadState> tasks = GuestWalk<GuestThreadState>.Read(
            kernel,
            walk =>
            {
                var running = LinuxRunning.Read(kernel, layout);
                time = running.Time;
                var pass = new Pass(walk, layout, new LinuxTaskReader(kernel, layout, running), memory);
                pass.Walk(first, running.Idle);
                if (ReadCount() is { } told && told != pass.Count)
                    walk.AddDefect($"the kernel counts {told} tasks, and {pass.Count} are in its lists");
            },
            cancellation,
            () => (ReadCount(), made is { } place && memory.TryReadUInt64(place, out ulong number) ? number : 0),
            "the guest began or ended tasks during each of the walks"
        );
        return new GuestThreadList(
            [.. tasks.Items.OrderBy(task => task.Id).ThenBy(task => task.Cpu)],
            tasks.Defects,
            time
        );

        uint? ReadCount() => count is { } place && memory.TryReadUInt32(place, out uint number) ? number : null;
    }

    /// <summary>One pass through all rings.</summary>
    private sealed class Pass(
        GuestWalk<GuestThreadState> walk,
        LinuxTaskLayout layout,
        LinuxTaskReader reader,
        IMemoryReader memory
    )
    {
        private readonly HashSet<ulong> _seen = [];
        private readonly HashSet<ulong> _idle = [];

        /// <summary>
        /// The number of tasks that were found without the idle ones, which the kernel does not count.
        /// </summary>
        public long Count => _seen.Count - _idle.Count;

        public void Walk(ulong first, IReadOnlyList<ulong> idle)
        {
            foreach (ulong task in idle.Prepend(first))
            {
                if (_idle.Add(task) && !Add(task, layout.Tasks, out _, out _))
                    walk.AddDefect("an idle task can't be read");
            }

            if (reader.Copy(first) is not { } copy)
            {
                walk.AddDefect("the kernel's first task can't be read");
                return;
            }

            ulong next = Next(copy.Span, layout.Tasks);
            while (unchecked(next - (ulong)layout.Tasks.Offset) is var task && task != first)
            {
                if (!CanAdd(task))
                    return;

                if (!Add(task, layout.Tasks, out next, out ulong signal))
                {
                    walk.AddDefect("the list of tasks is torn: what follows can't be read or is no task");
                    return;
                }

                WalkThreads(task, signal);
            }
        }

        private void WalkThreads(ulong leader, ulong signal)
        {
            bool hasHead = layout is { ThreadHead: not null, ThreadNode: not null };
            if ((hasHead ? layout.ThreadNode : layout.ThreadGroup) is not { } node)
            {
                walk.AddDefect("the threads of processes can't be found: only the first of each is here");
                return;
            }

            ulong end = unchecked(
                hasHead ? signal + (ulong)layout.ThreadHead!.Value.Offset : leader + (ulong)node.Offset
            );
            if (!memory.TryReadUInt64(end, out ulong next))
            {
                walk.AddDefect("the threads of a process can't be read");
                return;
            }

            while (next != end)
            {
                ulong task = unchecked(next - (ulong)node.Offset);
                if (task == leader)
                {
                    if (reader.Copy(task) is not { } copy || Next(copy.Span, node) is var after && after == next)
                        return;

                    next = after;
                    continue;
                }

                if (!CanAdd(task))
                    return;

                if (!Add(task, node, out next, out _))
                {
                    walk.AddDefect("the threads of a process are torn: what follows can't be read or is no task");
                    return;
                }
            }
        }

        private bool CanAdd(ulong task)
        {
            bool isNew = !_seen.Contains(task);
            if (!isNew)
                walk.AddDefect("the list of tasks is torn: it comes back to a task that it had before");
            else if (_seen.Count >= MaxTasks)
                walk.AddDefect($"tasks: stopped after {MaxTasks}");

            return isNew && _seen.Count < MaxTasks;
        }

        private bool Add(ulong task, LinuxField list, out ulong next, out ulong signal)
        {
            next = signal = 0;
            if (reader.Copy(task) is not { } copy)
                return false;

            next = Next(copy.Span, list);
            signal = layout.SignalState.Get(copy.Span) ?? 0;
            _seen.Add(task);

            // One that is dead was collected, and is only on its way out of the lists.
            GuestThreadState read = reader.Read(task, copy.Span);
            if (read.StateLetter != 'X')
                walk.Add(read);

            return true;
        }

        private static ulong Next(ReadOnlySpan<byte> task, LinuxField list) =>
            (list with { Size = sizeof(ulong), IsSigned = false }).Get(task) ?? 0;
    }
}
