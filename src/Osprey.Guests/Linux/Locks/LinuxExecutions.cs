using Osprey.Guests.Threads;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Linux.Locks;

/// <summary>
/// Finds whom a task waits for that executes a program: first, all other threads of its process must end, and be
/// collected.
/// </summary>
/// <remarks>
/// A thread that a debugger traces is a zombie until its tracer has asked for it. The task that executes holds
/// <c>cred_guard_mutex</c> meanwhile, which a tracer takes to attach: a tracer that does so waits for ever.
/// </remarks>
/// <param name="kernel">The kernel.</param>
/// <param name="tasks">All tasks by address.</param>
internal sealed class LinuxExecutions(GuestKernel kernel, IReadOnlyDictionary<ulong, GuestThreadState> tasks)
{
    private readonly LinuxField? _isTraced = LinuxField.Find(kernel.Values, "struct task_struct", "ptrace");
    private readonly LinuxField? _tracer = LinuxField.Find(kernel.Values, "struct task_struct", "parent");

    /// <summary>Finds it; null when the task executes no program, or waits for no tracer.</summary>
    public GuestWait? Find(GuestThreadState task, IReadOnlyList<BacktraceRow> rows)
    {
        if (!rows.Any(row => row.Function is "de_thread" or "begin_new_exec" or "flush_old_exec"))
            return null;

        IMemoryReader memory = kernel.Values.Memory;
        foreach (GuestThreadState other in tasks.Values.OrderBy(other => other.Id))
        {
            if (other.ProcessId != task.ProcessId || other.Address == task.Address)
                continue;

            if (
                other.StateLetter is 'Z' or 'X'
                && _isTraced?.Read(memory, other.Address) is > 0
                && _tracer?.Read(memory, other.Address) is { } address
                && tasks.TryGetValue(address, out GuestThreadState? tracer)
            )
                return new GuestWait(
                    GuestWaitKind.Join,
                    $"its thread {other.Label}, which ended, to be collected by its tracer, thread {tracer.Label}"
                )
                {
                    Object = other.Address,
                    Owner = tracer.Id,
                };

            return new GuestWait(GuestWaitKind.Join, $"the end of its thread {other.Label}")
            {
                Object = other.Address,
                Owner = other.Id,
            };
        }

        return null;
    }
}
