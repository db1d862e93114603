using Osprey.Symbols.Types;
using Osprey.Values;

namespace Osprey.Guests.Osv.Threads;

/// <summary>A mutex of OSv that somebody waits for.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Owner">Address of the thread that holds it; 0 while it is handed over.</param>
/// <param name="Waiters">Addresses of the threads in its queue, the next one first.</param>
internal sealed record OsvMutex(ulong Address, ulong Owner, IReadOnlyList<ulong> Waiters)
{
    private const int MaxWaiters = 1 << 14;
    private const int MaxCount = 1 << 16;

    /// <summary>
    /// Reads the mutex at an address, if there is one: its counts must be plausible, its owner one of the threads.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="address">The address.</param>
    /// <param name="isThread">Tells the addresses of threads.</param>
    /// <returns>Null when what is there can be no locked mutex.</returns>
    public static OsvMutex? Find(GuestKernel kernel, ulong address, Func<ulong, bool> isThread)
    {
        if (FindOwner(kernel, address, isThread, out Value? mutex) is not { } owner)
            return null;

        // The queue has two lists: the newest waiters first, and those that a thread that unlocks took over, oldest
        // first.
        List<ulong>? oldest = Walk(kernel, mutex?.Path("waitqueue", "poplist"), isThread);
        List<ulong>? newest = Walk(kernel, mutex?.Path("waitqueue", "pushlist"), isThread);
        if (oldest is null || newest is null)
            return null;

        newest.Reverse();
        return new OsvMutex(address, owner, [.. oldest, .. newest]);
    }

    /// <summary>Reads who holds the mutex at an address, without its queue.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="address">The address.</param>
    /// <param name="isThread">Tells the addresses of threads.</param>
    /// <param name="mutex">The mutex, when it can be one.</param>
    /// <returns>Address of the thread, 0 while it is handed over; null when this can be no locked mutex.</returns>
    public static ulong? FindOwner(GuestKernel kernel, ulong address, Func<ulong, bool> isThread, out Value? mutex)
    {
        mutex = null;
        if (kernel.Values.FindType("lockfree::mutex") is not { } type || (address & 7) != 0)
            return null;

        Value found = kernel.Values.At(type, address).Fetch();
        if (
            found.Member("count") is not { } countMember
            || !countMember.TryGetInt64(out long count)
            || count is < 1 or > MaxCount
            || found.Member("owner")?.AsPointer() is not { } owner
            || (owner != 0 && !isThread(owner))
        )
            return null;

        mutex = found;
        return owner;
    }

    /// <summary>The threads of a list of wait records; null when it is no such list.</summary>
    private static List<ulong>? Walk(GuestKernel kernel, Value? first, Func<ulong, bool> isThread)
    {
        if (first?.AsPointer() is not { } place)
            return null;

        DebugType? type = kernel.Values.FindType("wait_record");
        var waiters = new List<ulong>();
        var seen = new HashSet<ulong>();
        while (place != 0)
        {
            Value record = kernel.Values.At(type, place);
            if (
                waiters.Count == MaxWaiters
                || !seen.Add(place)
                || record.Member("t")?.AsPointer() is not { } thread
                || (thread != 0 && !isThread(thread))
                || record.Member("next")?.AsPointer() is not { } next
            )
                return null;

            // One that was woken up already has no thread any more.
            if (thread != 0)
                waiters.Add(thread);

            place = next;
        }

        return waiters;
    }
}
