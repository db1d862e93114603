using Osprey.Guests.Threads;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Failures;

/// <summary>Finds tasks that the kernel's own watch, khungtaskd, would take for hung.</summary>
/// <remarks>
/// Those are tasks that nothing can interrupt (TASK_UNINTERRUPTIBLE), not even a signal that kills, and that count as
/// load. The kernel's limit is 120 seconds without being switched to, or what its administrator set; where the kernel
/// has no such watch, or it was turned off, 120 seconds count here.
/// </remarks>
internal static class LinuxHungTasks
{
    private const ulong Uninterruptible = 0x2; // TASK_UNINTERRUPTIBLE
    private const ulong WakesOnKill = 0x100; // TASK_WAKEKILL
    private const ulong NoLoad = 0x400; // TASK_NOLOAD
    private const ulong UsualLimit = 120;
    private const ulong MaxLimit = 1UL << 31;

    /// <summary>Finds them.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="state">The place of a task's state.</param>
    /// <param name="threads">All tasks.</param>
    public static IReadOnlyList<GuestThreadState> Find(GuestKernel kernel, LinuxField state, GuestThreadList threads)
    {
        IMemoryReader memory = kernel.Values.Memory;
        ulong limit =
            kernel.FindSymbol("sysctl_hung_task_timeout_secs") is { } place
            && memory.TryReadUInt64(place, out ulong seconds)
            && seconds is > 0 and <= MaxLimit
                ? seconds
                : UsualLimit;
        return
        [
            .. threads.Threads.Where(task =>
                task is { StateLetter: 'D', IsRunning: false, SwitchedAt: { } since }
                && threads.Time - since > (long)limit * 1_000_000_000
                && state.Read(memory, task.Address) is { } word
                && (word & (Uninterruptible | WakesOnKill | NoLoad)) == Uninterruptible
            ),
        ];
    }
}
