namespace Osprey.Guests.Threads;

/// <summary>Kinds of things that a guest's thread can wait for.</summary>
public enum GuestWaitKind
{
    /// <summary>A condition that a function checks again each time that it is woken up.</summary>
    Condition,

    /// <summary>A mutex.</summary>
    Mutex,

    /// <summary>A read-write lock.</summary>
    ReadWriteLock,

    /// <summary>A condition variable.</summary>
    ConditionVariable,

    /// <summary>A semaphore.</summary>
    Semaphore,

    /// <summary>The end of another thread.</summary>
    Join,

    /// <summary>Time alone: it sleeps.</summary>
    Sleep,

    /// <summary>A CPU: it could run.</summary>
    Cpu,

    /// <summary>A queue of threads that others wake up.</summary>
    WaitQueue,

    /// <summary>Memory to become free.</summary>
    Memory,
}
