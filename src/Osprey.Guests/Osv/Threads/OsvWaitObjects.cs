using Osprey.Symbols.Types;
using Osprey.Target.Memory;
using Osprey.Values;

namespace Osprey.Guests.Osv.Threads;

/// <summary>Proves of an address that a thread of OSv waits there: the queue of the object names the thread.</summary>
/// <remarks>
/// Condition variables and wait queues have a list of <c>wait_record</c>s, from the oldest to the newest; a semaphore
/// an intrusive list; a read-write lock a queue of readers, and a mutex for writers. Many addresses are tried, so
/// that members are read at the offsets that debug info gives, without more.
/// </remarks>
/// <param name="kernel">The kernel.</param>
/// <param name="isThread">Tells the addresses of threads.</param>
internal sealed class OsvWaitObjects(GuestKernel kernel, Func<ulong, bool> isThread)
{
    private const int MaxWaiters = 1 << 14;
    private const uint WriterLock = 0x80000000; // rwlock.cc: WRITER_LOCK
    private const uint PendingWriter = 0x40000000; // rwlock.cc: PENDING_WRITER
    private const uint ReadersMask = 0x3fff0000; // rwlock.cc: READERS_MASK
    private const int ReadersShift = 16;

    private readonly Dictionary<string, ulong?> _offsets = [];
    private readonly OsvWaiterSets _waiters = new();
    private readonly Dictionary<ulong, ((ulong First, ulong Last) Ends, Dictionary<ulong, ulong>? Units)> _units = [];

    private IMemoryReader Memory => kernel.Values.Memory;

    /// <summary>
    /// Gives the addresses that a condition variable, semaphore or read-write lock may be at, when an address may be
    /// its own or that of one of its members: compilers keep either.
    /// </summary>
    public IEnumerable<ulong> ListStarts(string typeName, ulong address)
    {
        yield return address;
        foreach (string member in (string[])["_m", "_mtx", "_wmtx", "_waiters_fifo", "_waiters"])
        {
            if (Offset(typeName, member) is > 0 and var offset)
                yield return unchecked(address - offset);
        }
    }

    /// <summary>True when a condition variable is there, and a thread waits for it.</summary>
    public bool IsConditionVariable(ulong address, ulong thread) =>
        Offset("condvar", "_waiters_fifo") is { } fifo
        && Offset("condvar", "_m") is { } inner
        && IsMutexState(unchecked(address + inner))
        && IsInFifo(unchecked(address + fifo), thread);

    /// <summary>True when a wait queue is there, and a thread waits in it.</summary>
    public bool IsWaitQueue(ulong address, ulong thread) =>
        Offset("waitqueue", "_waiters_fifo") is { } fifo && IsInFifo(unchecked(address + fifo), thread);

    /// <summary>
    /// The number of units that a thread waits for at a semaphore; null when no semaphore is there, or the thread does
    /// not wait for it.
    /// </summary>
    public ulong? FindSemaphoreUnits(ulong address, ulong thread)
    {
        if (
            kernel.Values.FindType("semaphore") is not { } type
            || Offset("semaphore", "_mtx") is not { } inner
            || !IsMutexState(unchecked(address + inner))
        )
            return null;

        if (
            kernel.Values.At(type, address).Member("_waiters") is not { Address: { } list } waiters
            || !TryReadEnds(list, out (ulong, ulong) ends)
        )
            return null;

        if (!_units.TryGetValue(address, out var known) || known.Ends != ends)
            _units[address] = known = (ends, ReadUnits(waiters));

        return known.Units?.TryGetValue(thread, out ulong units) == true ? units : null;
    }

    /// <summary>
    /// True when a locked mutex is there, and a thread is in its queue; <paramref name="owner"/> is the thread that
    /// holds it, 0 while it is handed over.
    /// </summary>
    public bool IsInMutex(ulong address, ulong thread, out ulong owner)
    {
        owner = 0;
        if (
            OsvMutex.FindOwner(kernel, address, isThread, out Value? mutex) is not { } holder
            || mutex!.Path("waitqueue", "pushlist")?.AsPointer() is not { } pushed
            || mutex.Path("waitqueue", "poplist")?.AsPointer() is not { } popped
        )
            return false;

        owner = holder;
        if (_waiters.TryGet(address, (pushed, popped), thread, out bool isIn))
            return isIn;

        if (OsvMutex.Find(kernel, address, isThread) is not { } found)
            return false;

        _waiters.Add(address, (pushed, popped), found.Waiters);
        return found.Waiters.Contains(thread);
    }

    /// <summary>Finds the read-write lock at an address; null when none is there that a thread waits for.</summary>
    public OsvReadWriteLock? FindReadWriteLock(ulong address, ulong thread)
    {
        if (Offset("rwlock", "_wmtx") is not { } writers)
            return FindOldReadWriteLock(address, thread);

        ulong mutex = unchecked(address + writers);
        if (
            Offset("rwlock", "_readers") is not { } state
            || Offset("rwlock", "_read_waiters") is not { } queue
            || !IsMutexState(mutex)
            || !Memory.TryReadUInt32(unchecked(address + state), out uint readers)
            || !Memory.TryReadUInt64(unchecked(mutex + (Offset("lockfree::mutex", "owner") ?? 0)), out ulong owner)
        )
            return null;

        bool isPending = (readers & PendingWriter) != 0;
        bool isHeld = (readers & WriterLock) != 0;
        bool waits =
            (owner == thread && isPending && !isHeld)
            || IsInMutex(mutex, thread, out _)
            || IsInQueue(unchecked(address + queue), thread);
        return waits
            ? new OsvReadWriteLock(
                address,
                isHeld,
                isHeld || isPending ? owner : 0,
                (int)((readers & ReadersMask) >> ReadersShift)
            )
            : null;
    }

    /// <summary>The locks before 2023 have two condition variables or wait queues, and name the writer.</summary>
    private OsvReadWriteLock? FindOldReadWriteLock(ulong address, ulong thread)
    {
        if (
            kernel.Values.FindType("rwlock") is not { } type
            || Offset("rwlock", "_wowner") is not { } ownerOffset
            || !Memory.TryReadUInt64(unchecked(address + ownerOffset), out ulong owner)
            || (owner != 0 && !isThread(owner))
            || OsvPointers.Number(kernel.Values.At(type, address).Member("_readers")) is not { } readers
        )
            return null;

        foreach (string name in (string[])["_read_waiters", "_write_waiters"])
        {
            if (
                kernel.Values.At(type, address).Member(name)?.Member("_waiters_fifo") is { Address: { } fifo }
                && IsInFifo(fifo, thread)
            )
                return new OsvReadWriteLock(address, owner != 0, owner, (int)(readers & int.MaxValue));
        }

        return null;
    }

    private Dictionary<ulong, ulong>? ReadUnits(Value waiters)
    {
        var units = new Dictionary<ulong, ulong>();
        int count = 0;
        foreach (Value record in waiters.Elements())
        {
            if (
                count++ == MaxWaiters
                || record.Member("owner")?.AsPointer() is not { } owner
                || (owner != 0 && !isThread(owner))
            )
                return null;

            units.TryAdd(owner, OsvPointers.Number(record.Member("units")) ?? 1);
        }

        return units;
    }

    private bool TryReadEnds(ulong address, out (ulong First, ulong Last) ends)
    {
        bool isRead = Memory.TryReadUInt64(address, out ulong first);
        isRead &= Memory.TryReadUInt64(unchecked(address + sizeof(ulong)), out ulong last);
        ends = (first, last);
        return isRead;
    }

    /// <summary>True when a mutex can be there: free, or held by one of the threads.</summary>
    private bool IsMutexState(ulong address) =>
        Offset("lockfree::mutex", "count") is { } count
        && Offset("lockfree::mutex", "owner") is { } holder
        && Memory.TryReadUInt32(unchecked(address + count), out uint locked)
        && locked <= MaxWaiters
        && Memory.TryReadUInt64(unchecked(address + holder), out ulong owner)
        && (owner == 0 || isThread(owner));

    /// <summary>True when a list with its oldest and its newest record names a thread and ends as it says.</summary>
    private bool IsInFifo(ulong address, ulong thread)
    {
        if (
            !TryReadEnds(address, out (ulong Oldest, ulong Newest) ends)
            || ends.Oldest == 0
            || ends.Newest == 0
            || Offset("wait_record", "t") is not { } holder
            || Offset("wait_record", "next") is not { } link
        )
            return false;

        if (_waiters.TryGet(address, ends, thread, out bool isIn))
            return isIn;

        var threads = new List<ulong>();
        bool isList = Walk(ends.Oldest, holder, link, threads, out ulong last) && last == ends.Newest;
        if (isList)
            _waiters.Add(address, ends, threads);

        return isList && threads.Contains(thread);
    }

    /// <summary>True when one of the two lists of a lock-free queue names a thread.</summary>
    private bool IsInQueue(ulong address, ulong thread)
    {
        const string Item = "lockfree::linked_item<sched::thread*>";
        if (
            Offset(Item, "value") is not { } holder
            || Offset(Item, "next") is not { } link
            || !TryReadEnds(address, out (ulong Pushed, ulong Popped) ends)
        )
            return false;

        if (_waiters.TryGet(address, ends, thread, out bool isIn))
            return isIn;

        var threads = new List<ulong>();
        var popped = new List<ulong>();
        if (!Walk(ends.Pushed, holder, link, threads, out _))
            threads.Clear();

        if (Walk(ends.Popped, holder, link, popped, out _))
            threads.AddRange(popped);

        if (threads.Count > 0)
            _waiters.Add(address, ends, threads);

        return threads.Contains(thread);
    }

    /// <summary>Follows a list of records of threads; false when it is none.</summary>
    private bool Walk(ulong first, ulong holder, ulong link, List<ulong> threads, out ulong last)
    {
        HashSet<ulong>? seen = null;
        last = 0;
        for (ulong record = first; record != 0; )
        {
            if (
                (record & 7) != 0
                || !Memory.TryReadUInt64(unchecked(record + holder), out ulong waiter)
                || (waiter != 0 && !isThread(waiter))
                || !Memory.TryReadUInt64(unchecked(record + link), out ulong next)
                || !(seen ??= []).Add(record)
                || seen.Count > MaxWaiters
            )
                return false;

            if (waiter != 0)
                threads.Add(waiter);

            last = record;
            record = next;
        }

        return true;
    }

    /// <summary>The offset of a member; null when the kernel has no such type or member.</summary>
    private ulong? Offset(string typeName, string member)
    {
        string key = $"{typeName} {member}";
        if (_offsets.TryGetValue(key, out ulong? known))
            return known;

        DebugType? type = kernel.Values.FindType(typeName);
        return _offsets[key] = type is null ? null : kernel.Values.At(type, 0).Member(member)?.Address;
    }
}
