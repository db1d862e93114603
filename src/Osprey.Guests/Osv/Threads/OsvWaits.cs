using System.Globalization;
using Osprey.Guests.Osv.Scheduling;
using Osprey.Guests.Threads;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Osv.Threads;

/// <summary>Finds out what threads of OSv wait for.</summary>
/// <remarks>
/// OSv notes nowhere what a thread waits for. But a thread that waits for a lock is inside the lock's function, and a
/// pointer to the lock is in a register that was saved or in a frame near by. So the frames tell the kind, and the
/// words of the stack are tried as addresses: a word counts only when a lock is there whose queue names this thread.
/// Nothing is guessed; a lock that is not found so is not named.
/// </remarks>
/// <param name="kernel">The kernel.</param>
/// <param name="threads">All threads.</param>
internal sealed class OsvWaits(GuestKernel kernel, GuestThreadList threads)
{
    private const int MaxCallers = 4;

    private readonly Dictionary<ulong, GuestThreadState> _threads = threads.Threads.ToDictionary(item => item.Address);
    private OsvWaitObjects? _objects;
    private Dictionary<ulong, ulong>? _memory; // bytes by thread

    private OsvWaitObjects Objects => _objects ??= new OsvWaitObjects(kernel, _threads.ContainsKey);

    /// <summary>Finds out what a thread waits for; null when it runs, or it can't be told.</summary>
    public GuestWait? Find(GuestThreadState thread, Backtrace stack, IReadOnlyList<BacktraceRow> rows)
    {
        if (thread.IsRunning)
            return null;

        if (!thread.IsWaiting)
            return thread.State is "queued" or "waking"
                ? new GuestWait(
                    GuestWaitKind.Cpu,
                    $"a CPU{(thread.Cpu is { } cpu ? $": it is ready on CPU {cpu}" : "")}"
                )
                : null;

        // Outermost first would find the caller's lock; the innermost function that waits is what it waits in.
        foreach (BacktraceRow row in rows)
        {
            if (row.Function is not { } function)
                continue;

            string name = OsvWaitFrames.GetBaseName(function);
            bool isMutex = name == "lock" && function.Contains("mutex::lock", StringComparison.Ordinal);
            bool isCondition = name == "wait" && function.StartsWith("condvar::", StringComparison.Ordinal);
            bool isQueue = name is "wait" && function.StartsWith("waitqueue::", StringComparison.Ordinal);
            if (isMutex || isCondition || isQueue || function.StartsWith("rwlock::", StringComparison.Ordinal))
            {
                // A read-write lock is made of a mutex and of queues: what calls those tells which it is.
                if (FindReadWriteLock(thread, stack, rows, row) is { } found)
                    return found;

                return isMutex ? FindMutex(thread, stack, row)
                    : isCondition ? FindConditionVariable(thread, stack, rows, row)
                    : FindWaitQueue(thread, stack, rows, row);
            }

            if (name is "wait_units" or "wait" && function.StartsWith("semaphore::", StringComparison.Ordinal))
                return FindSemaphore(thread, stack, rows, row);

            if (name == "join" && function.StartsWith("sched::thread::join", StringComparison.Ordinal))
                return FindJoin(thread);

            if (name is "sleep" or "sleep_impl" && function.Contains("sched::thread::", StringComparison.Ordinal))
                return new GuestWait(GuestWaitKind.Sleep, "time: it sleeps" + DescribeTimer(thread));

            if (name == "wait" && function.StartsWith("memory::reclaimer_waiters::", StringComparison.Ordinal))
                return FindMemory(thread);

            if (!OsvWaitFrames.IsWaiting(row))
                return FindQueue(thread, stack, row) is { } queue
                    ? queue with
                    {
                        Description = $"{queue.Description} in {Shorten(function)}{DescribeTimer(thread)}",
                    }
                    : new GuestWait(
                        GuestWaitKind.Condition,
                        $"a condition in {Shorten(function)}{DescribeTimer(thread)}"
                    );
        }

        return null;
    }

    private static string Describe(string lockFunction) =>
        lockFunction switch
        {
            "rlock" or "reader_wait_lockable" => "read",
            "wlock" or "writer_wait_lockable" => "write",
            _ => lockFunction,
        };

    private static GuestWait Named(
        GuestWaitKind kind,
        string what,
        IReadOnlyList<BacktraceRow> rows,
        BacktraceRow inner,
        string suffix = ""
    )
    {
        BacktraceRow? caller = rows.Skip(inner.Number).FirstOrDefault(row => !OsvWaitFrames.IsWaiting(row));
        string place = caller?.Function is { } function ? $" in {Shorten(function)}" : "";
        return new GuestWait(kind, what + place + suffix);
    }

    private static string Shorten(string function)
    {
        const string CallOperator = "operator()";
        int start = function.LastIndexOf(CallOperator, StringComparison.Ordinal);
        int parameters = function.IndexOf('(', start < 0 ? 0 : start + CallOperator.Length);
        return parameters > 0 && function.IndexOf('<', StringComparison.Ordinal) is < 0
            ? function[..parameters]
            : function;
    }

    private GuestWait FindJoin(GuestThreadState thread)
    {
        GuestThreadState? other = threads.Threads.FirstOrDefault(item => item.Joiner == thread.Address);
        return other is null
            ? new GuestWait(GuestWaitKind.Join, "the end of another thread")
            : new GuestWait(GuestWaitKind.Join, $"the end of thread {other.Label}")
            {
                Object = other.Address,
                Owner = other.Id,
            };
    }

    /// <summary>The wait for memory that the reclaimer thread has to make free, by making caches smaller.</summary>
    private GuestWait FindMemory(GuestThreadState thread)
    {
        _memory ??= OsvMemoryWaiters
            .Read(kernel, CancellationToken.None)
            .Items.DistinctBy(waiter => waiter.Thread)
            .ToDictionary(waiter => waiter.Thread, waiter => waiter.Size);
        string size = _memory.TryGetValue(thread.Address, out ulong bytes)
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes of memory")
            : "memory";
        GuestThreadState? reclaimer = kernel.FindVariable(OsvMemoryWaiters.Reclaimer)?.Member("_thread")?.AsPointer()
            is { } address
            ? _threads.GetValueOrDefault(address)
            : null;
        return new GuestWait(
            GuestWaitKind.Memory,
            reclaimer is null ? size : $"{size}, which thread {reclaimer.Label} has to make free"
        )
        {
            Owner = reclaimer?.Id,
        };
    }

    private GuestWait? FindReadWriteLock(
        GuestThreadState thread,
        Backtrace stack,
        IReadOnlyList<BacktraceRow> rows,
        BacktraceRow inner
    )
    {
        BacktraceRow? row = rows.SkipWhile(item => item != inner)
            .Take(MaxCallers)
            .FirstOrDefault(item => item.Function?.StartsWith("rwlock::", StringComparison.Ordinal) == true);
        if (row?.Function is not { } function)
            return null;

        string purpose = Describe(OsvWaitFrames.GetBaseName(function));
        foreach (ulong candidate in ListPlaces("rwlock", thread, stack, row))
        {
            if (Objects.FindReadWriteLock(candidate, thread.Address) is not { } found)
                continue;

            GuestThreadState? writer = found.Writer == thread.Address ? null : _threads.GetValueOrDefault(found.Writer);
            string holders =
                found.IsWritten ? $", held to write{(writer is null ? "" : $" by thread {writer.Label}")}"
                : found.Readers > 0
                    ? string.Create(CultureInfo.InvariantCulture, $", held by {found.Readers} to read")
                        + (writer is null ? "" : $", and thread {writer.Label} is the next to write")
                : "";
            return new GuestWait(
                GuestWaitKind.ReadWriteLock,
                $"{Place("read-write lock", candidate)}, to {purpose}{holders}"
            )
            {
                Object = candidate,
                Owner = writer?.Id,
            };
        }

        return Named(GuestWaitKind.ReadWriteLock, $"a read-write lock, to {purpose}", rows, row);
    }

    private GuestWait FindConditionVariable(
        GuestThreadState thread,
        Backtrace stack,
        IReadOnlyList<BacktraceRow> rows,
        BacktraceRow row
    )
    {
        foreach (ulong candidate in ListPlaces("condvar", thread, stack, row))
        {
            if (Objects.IsConditionVariable(candidate, thread.Address))
                return Named(
                    GuestWaitKind.ConditionVariable,
                    Place("condition variable", candidate),
                    rows,
                    row,
                    DescribeTimer(thread)
                ) with
                {
                    Object = candidate,
                };
        }

        // Whoever wakes up a thread puts it into the queue of the mutex that it will go on with.
        return FindMutex(thread, stack, row) is { Object: not null } mutex
            ? mutex with
            {
                Description = $"{mutex.Description}, after a condition variable",
            }
            : Named(GuestWaitKind.ConditionVariable, "a condition variable", rows, row);
    }

    private GuestWait FindSemaphore(
        GuestThreadState thread,
        Backtrace stack,
        IReadOnlyList<BacktraceRow> rows,
        BacktraceRow row
    )
    {
        foreach (ulong candidate in ListPlaces("semaphore", thread, stack, row))
        {
            if (Objects.FindSemaphoreUnits(candidate, thread.Address) is not { } units)
                continue;

            string much = units == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" for {units} units");
            return Named(GuestWaitKind.Semaphore, Place("semaphore", candidate) + much, rows, row) with
            {
                Object = candidate,
            };
        }

        return Named(GuestWaitKind.Semaphore, "a semaphore", rows, row);
    }

    private GuestWait FindWaitQueue(
        GuestThreadState thread,
        Backtrace stack,
        IReadOnlyList<BacktraceRow> rows,
        BacktraceRow row
    ) =>
        FindQueue(thread, stack, row) is { } found
            ? Named(GuestWaitKind.WaitQueue, found.Description, rows, row) with
            {
                Object = found.Object,
            }
            : Named(GuestWaitKind.WaitQueue, "a wait queue", rows, row);

    private GuestWait? FindQueue(GuestThreadState thread, Backtrace stack, BacktraceRow row)
    {
        foreach (ulong candidate in OsvWaitPlaces.List(kernel, thread, stack, row.FrameIndex).Distinct())
        {
            // Two words beside each other on the thread's own stack may look like a queue with its record.
            if (!IsOnStack(thread, candidate) && Objects.IsWaitQueue(candidate, thread.Address))
                return new GuestWait(GuestWaitKind.WaitQueue, Place("wait queue", candidate)) { Object = candidate };
        }

        return null;
    }

    private static bool IsOnStack(GuestThreadState thread, ulong address) =>
        thread is { StackStart: { } start, StackSize: { } size } && address >= start && address - start < size;

    /// <summary>An object in words: its kind, address, and the variable that it is.</summary>
    private string Place(string what, ulong address) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} 0x{address:x}")
        + (kernel.Values.Names?.Find(address) is { Offset: 0 } symbol ? $" ({symbol.Name})" : "");

    private GuestWait FindMutex(GuestThreadState thread, Backtrace stack, BacktraceRow row)
    {
        foreach (ulong candidate in OsvWaitPlaces.List(kernel, thread, stack, row.FrameIndex).Distinct())
        {
            if (!Objects.IsInMutex(candidate, thread.Address, out ulong holder))
                continue;

            GuestThreadState? owner = _threads.GetValueOrDefault(holder);
            return new GuestWait(
                GuestWaitKind.Mutex,
                Place("mutex", candidate)
                    + (owner is null ? ", which is being handed over" : $", held by thread {owner.Label}")
            )
            {
                Object = candidate,
                Owner = owner?.Id,
            };
        }

        return new GuestWait(GuestWaitKind.Mutex, "a mutex");
    }

    /// <summary>The addresses that an object of a type may be at, by the candidates near a frame.</summary>
    private IEnumerable<ulong> ListPlaces(
        string typeName,
        GuestThreadState thread,
        Backtrace stack,
        BacktraceRow row
    ) =>
        OsvWaitPlaces
            .List(kernel, thread, stack, row.FrameIndex)
            .Distinct()
            .SelectMany(candidate => Objects.ListStarts(typeName, candidate));

    private static string DescribeTimer(GuestThreadState thread)
    {
        if (thread.Timers.FirstOrDefault(timer => !timer.IsExpired && timer.Time < long.MaxValue) is not { } timer)
            return "";

        return string.Create(CultureInfo.InvariantCulture, $", at most until {timer.Time / 1e9:F6} s after boot");
    }
}
