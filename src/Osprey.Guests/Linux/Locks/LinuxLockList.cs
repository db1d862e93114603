using System.Buffers.Binary;
using Osprey.Guests.Threads;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Locks;

/// <summary>Finds the locks of one kind that tasks wait for.</summary>
/// <remarks>
/// <para>
/// A task that waits for a mutex has a <c>mutex_waiter</c> on its stack, which stands in the mutex's <c>wait_list</c>
/// and names the task; semaphores are alike. So the task's stack is searched for its own address. Where one is that a
/// waiter would have, its list is followed: a ring of which each node points back, all of them on the stacks of the
/// tasks that they name, but one. That one is in the lock. In 7.2 the ring is of waiters alone, and the lock has a
/// pointer to the first of them (<c>first_waiter</c>): the functions that wait keep the lock's address, so that it
/// stands on a stack, too.
/// </para>
/// <para>
/// The owner is a pointer whose lowest three bits are flags. For a semaphore that readers hold, it names one that was a
/// reader some time, which proves nothing; the number of readers is in <c>count</c> (since 5.3).
/// </para>
/// <para>A list is followed once for all of its waiters.</para>
/// </remarks>
internal sealed class LinuxLockList
{
    private const ulong MaxStack = 64 << 10;
    private const ulong UsualStack = 16 << 10;
    private const int MaxWaiters = 1 << 15;
    private const ulong FlagBits = 7; // MUTEX_FLAGS; RWSEM_OWNER_FLAGS_MASK and, in some releases, one more
    private const ulong ReaderOwned = 1; // RWSEM_READER_OWNED
    private const int ReaderShift = 8; // RWSEM_READER_SHIFT
    private const ulong MaxReaders = 1 << 22;

    private readonly IMemoryReader _memory;
    private readonly IReadOnlyDictionary<ulong, GuestThreadState> _tasks;
    private readonly LinuxField? _list;
    private readonly LinuxField? _task;
    private readonly LinuxField? _waitList;
    private readonly LinuxField? _firstWaiter;
    private readonly LinuxField? _owner;
    private readonly LinuxField? _count;
    private readonly bool _hasReaders;
    private readonly Dictionary<ulong, LinuxLock> _locks = [];

    /// <summary>Prepares to look for locks.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="kind">Their kind.</param>
    /// <param name="tasks">All tasks by address.</param>
    public LinuxLockList(GuestKernel kernel, LinuxLockKind kind, IReadOnlyDictionary<ulong, GuestThreadState> tasks)
    {
        _memory = kernel.Values.Memory;
        _tasks = tasks;
        var waiter = new LinuxStruct(kernel, kind.Waiter);
        var structure = new LinuxStruct(kernel, kind.Structure);
        _list = waiter.Find("list");
        _task = waiter.Find("task");
        _waitList = structure.Find("wait_list");
        _firstWaiter = structure.Find("first_waiter");
        _owner = structure.Find("owner", "counter") ?? structure.Find("owner"); // no atomic in old kernels
        _count = structure.Find("count", "counter");
        _hasReaders = kind.Kind == GuestWaitKind.ReadWriteLock;
    }

    /// <summary>Finds the lock that a task waits for; null when it waits for none of this kind.</summary>
    public LinuxLock? Find(GuestThreadState task)
    {
        if (
            _list is not { } list
            || _task is not { } owner
            || (_waitList is null && _firstWaiter is null)
            || ReadStack(task) is not var (at, stack)
        )
            return null;

        for (int i = 0; i + sizeof(ulong) <= stack.Length; i += sizeof(ulong))
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(stack.AsSpan(i)) != task.Address)
                continue;

            ulong node = unchecked(at + (ulong)i - (ulong)owner.Offset + (ulong)list.Offset);
            if (_locks.TryGetValue(node, out LinuxLock? known))
                return known;

            if (FindLock(node) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Follows the list that a waiter would be in; null when it is none.</summary>
    private LinuxLock? FindLock(ulong first)
    {
        var waiters = new List<ulong> { first };
        ulong? head = null;
        ulong node = first;
        while (ReadNext(node) is { } next && waiters.Count < MaxWaiters)
        {
            if (next == first)
                return head is { } place && _waitList is { } member ? ReadLock(place, member.Offset, waiters)
                    : head is null && _firstWaiter is not null ? FindHolder(waiters)
                    : null;

            if (IsWaiter(next))
                waiters.Add(next);
            else if (head is null)
                head = next;
            else
                return null;

            node = next;
        }

        return null;
    }

    /// <summary>Finds the lock that points to one of its waiters, by the addresses on their stacks.</summary>
    private LinuxLock? FindHolder(List<ulong> waiters)
    {
        int list = _list!.Value.Offset;
        HashSet<ulong> structures = [.. waiters.Select(waiter => unchecked(waiter - (ulong)list))];
        var seen = new HashSet<ulong>();
        foreach (ulong waiter in waiters)
        {
            if (
                _task!.Value.Read(_memory, unchecked(waiter - (ulong)list)) is not { } address
                || !_tasks.TryGetValue(address, out GuestThreadState? task) // the guest may have changed it meanwhile
                || ReadStack(task) is not var (at, stack)
            )
                continue;

            for (int i = 0; i + sizeof(ulong) <= stack.Length; i += sizeof(ulong))
            {
                ulong word = BinaryPrimitives.ReadUInt64LittleEndian(stack.AsSpan(i));
                if (
                    !LinuxStruct.IsKernelAddress(word)
                    || word % sizeof(ulong) != 0
                    || unchecked(word - at) < (ulong)stack.Length // the waiter itself, and variables
                    || !seen.Add(word)
                )
                    continue;

                if (
                    _firstWaiter!.Value.Read(_memory, word) is { } first
                    && structures.Contains(first)
                    && ReadLock(word, 0, waiters) is { } found
                )
                    return found;
            }
        }

        return null;
    }

    private LinuxLock? ReadLock(ulong place, int offset, List<ulong> waiters)
    {
        ulong address = unchecked(place - (ulong)offset);
        ulong word = _owner?.Read(_memory, address) ?? 0;
        ulong task = word & ~FlagBits;
        if (task != 0 && !_tasks.ContainsKey(task))
            return null;

        bool isRead = _hasReaders && (word & ReaderOwned) != 0;
        ulong? readers = isRead ? _count?.Read(_memory, address) >> ReaderShift : null;
        var found = new LinuxLock(
            address,
            task == 0 || isRead ? null : task,
            readers is > 0 and < MaxReaders ? readers : null
        );
        foreach (ulong waiter in waiters)
            _locks[waiter] = found;

        return found;
    }

    /// <summary>The node behind one, which must point back.</summary>
    private ulong? ReadNext(ulong node) =>
        _memory.TryReadUInt64(node, out ulong next)
        && LinuxStruct.IsKernelAddress(next)
        && next % sizeof(ulong) == 0
        && next <= ulong.MaxValue - (2 * sizeof(ulong))
        && _memory.TryReadUInt64(next + sizeof(ulong), out ulong back)
        && back == node
            ? next
            : null;

    /// <summary>Tells whether a node is one of a waiter: on the stack of the task that it names.</summary>
    private bool IsWaiter(ulong node) =>
        _task!.Value.Read(_memory, unchecked(node - (ulong)_list!.Value.Offset)) is { } address
        && _tasks.TryGetValue(address, out GuestThreadState? task)
        && task.StackStart is { } start
        && node >= start
        && node - start < GetStackSize(task);

    /// <summary>The part of a task's stack that is in use.</summary>
    private (ulong Address, byte[] Bytes)? ReadStack(GuestThreadState task)
    {
        ulong size = GetStackSize(task);
        if (
            task is not { StackStart: { } start, Saved.StackPointer: { } pointer }
            || start > ulong.MaxValue - size
            || pointer < start
            || pointer - start >= size
        )
            return null;

        ulong first = pointer & ~(ulong)(sizeof(ulong) - 1);
        byte[] bytes = new byte[start + size - first];
        return _memory.TryRead(first, bytes) ? (first, bytes) : null;
    }

    private static ulong GetStackSize(GuestThreadState task) => Math.Min(task.StackSize ?? UsualStack, MaxStack);
}
