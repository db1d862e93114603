using Osprey.Guests.Threads;

namespace Osprey.Guests.Linux.Locks;

/// <summary>A kind of lock of the kernel whose waiters stand in a list, each on the stack of its task.</summary>
/// <param name="Kind">The kind for all guests.</param>
/// <param name="Name">Its name in words.</param>
/// <param name="Structure">The lock's struct.</param>
/// <param name="Waiter">The struct that a waiter has on its stack.</param>
internal sealed record LinuxLockKind(GuestWaitKind Kind, string Name, string Structure, string Waiter)
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<LinuxLockKind> All { get; } =
    [
        new(GuestWaitKind.Mutex, "mutex", "struct mutex", "struct mutex_waiter"),
        new(GuestWaitKind.ReadWriteLock, "read-write semaphore", "struct rw_semaphore", "struct rwsem_waiter"),
        new(GuestWaitKind.Semaphore, "semaphore", "struct semaphore", "struct semaphore_waiter"),
    ];
}
