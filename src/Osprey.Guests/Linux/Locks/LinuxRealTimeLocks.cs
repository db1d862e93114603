using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Locks;

/// <summary>
/// Finds the real-time mutex that a task waits for: the task names its <c>rt_mutex_waiter</c>, and that the lock.
/// Futexes with priority inheritance have one each; in a kernel for real time, so have all mutexes.
/// </summary>
internal sealed class LinuxRealTimeLocks
{
    private const ulong FlagBits = 1; // RT_MUTEX_HAS_WAITERS

    private readonly IMemoryReader _memory;
    private readonly LinuxField? _blockedOn;
    private readonly LinuxField? _waitingTask;
    private readonly LinuxField? _lock;
    private readonly LinuxField? _owner;

    /// <summary>Prepares to look for locks.</summary>
    public LinuxRealTimeLocks(GuestKernel kernel)
    {
        _memory = kernel.Values.Memory;
        _blockedOn = LinuxField.Find(kernel.Values, "struct task_struct", "pi_blocked_on");
        _waitingTask = LinuxField.Find(kernel.Values, "struct rt_mutex_waiter", "task");
        _lock = LinuxField.Find(kernel.Values, "struct rt_mutex_waiter", "lock");
        _owner =
            LinuxField.Find(kernel.Values, "struct rt_mutex_base", "owner") // split off in 5.15
            ?? LinuxField.Find(kernel.Values, "struct rt_mutex", "owner");
    }

    /// <summary>Finds the lock; null when the task waits for none.</summary>
    /// <param name="task">The task's address.</param>
    public LinuxLock? Find(ulong task)
    {
        ulong waiter = _blockedOn?.Read(_memory, task) ?? 0;
        if (waiter == 0 || _waitingTask?.Read(_memory, waiter) != task)
            return null;

        ulong place = _lock?.Read(_memory, waiter) ?? 0;
        ulong owner = (_owner?.Read(_memory, place) ?? 0) & ~FlagBits;
        return place == 0 ? null : new LinuxLock(place, owner == 0 ? null : owner, null);
    }
}
