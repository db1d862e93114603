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
/// tasks that they name, but one. That one is in the lock.
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
            || _waitList is null
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
                return head is { } place ? ReadLock(place, waiters) : null;

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

    private LinuxLock? ReadLock(ulong head, List<ulong> waiters)
    {
        ulong address = unchecked(head - (ulong)_waitList!.Value.Offset);
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
