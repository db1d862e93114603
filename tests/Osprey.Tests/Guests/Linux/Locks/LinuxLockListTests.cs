using Osprey.Guests.Linux.Locks;
using Osprey.Guests.Threads;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Tests.Builders.Btf;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Locks;

/// <summary>Mutexes of a made kernel, with the list that they had for long, and with that of new kernels.</summary>
public sealed class LinuxLockListTests
{
    private const int StackSize = 16 << 10;
    private const int TaskMember = 16;

    private readonly FakeLinux _linux = new(128 << 10);
    private readonly Dictionary<ulong, GuestThreadState> _tasks = [];

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void Mutex_OfAnyWaiter_IsFoundWithItsOwner(bool isNew, int waiters)
    {
        (ulong mutex, GuestThreadState[] waiting, ulong owner) = MakeMutex(isNew, waiters);
        foreach (GuestThreadState task in waiting)
        {
            LinuxLock found = CreateList().Find(task)!;
            Assert.Equal((mutex, owner), (found.Address, found.Owner));
        }
    }

    [Fact]
    public void Mutex_WhoseAddressIsOnAnotherWaitersStack_IsFound()
    {
        (ulong mutex, GuestThreadState[] waiting, _) = MakeMutex(isNew: true, waiters: 2);
        _linux.Write(waiting[0].StackStart!.Value + StackSize - 64, 0UL);
        Assert.Equal(mutex, CreateList().Find(waiting[0])!.Address);
    }

    [Fact]
    public void Mutex_OfANewKernel_WithoutItsAddress_IsNotGuessed()
    {
        (_, GuestThreadState[] waiting, _) = MakeMutex(isNew: true, waiters: 1);
        _linux.Write(waiting[0].StackStart!.Value + StackSize - 64, 0UL);
        Assert.Null(CreateList().Find(waiting[0]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mutex_WithAnOwnerThatIsNoTask_IsNone(bool isNew)
    {
        (ulong mutex, GuestThreadState[] waiting, _) = MakeMutex(isNew, 1);
        _linux.Write(mutex, FakeLinux.Start + 8);
        Assert.Null(CreateList().Find(waiting[0]));
    }

    private LinuxLockList CreateList() => new(_linux.ToKernel(), LinuxLockKind.All[0], _tasks);

    private (ulong Mutex, GuestThreadState[] Waiting, ulong Owner) MakeMutex(bool isNew, int waiters)
    {
        BtfBuilder types = _linux.Types;
        uint word = types.Integer("unsigned long", 8);
        uint pair = types.Array(word, 2, word);
        types.Struct("mutex_waiter", 32, ("list", pair, 0, 0), ("task", word, TaskMember * 8, 0));
        types.Struct("mutex", 32, ("owner", word, 0, 0), (isNew ? "first_waiter" : "wait_list", word, 16 * 8, 0));

        ulong mutex = _linux.Allocate(32);
        ulong owner = _linux.Allocate(64);
        _tasks[owner] = new GuestThreadState(1, owner, "owner", "running");
        _linux.Write(mutex, owner | 1);
        GuestThreadState[] waiting = [.. Enumerable.Range(0, waiters).Select(i => MakeTask(10 + i, mutex))];
        ulong[] nodes = [.. waiting.Select(task => task.StackStart!.Value + StackSize - 128)];
        ulong[] ring = isNew ? nodes : [mutex + 16, .. nodes];
        for (int i = 0; i < ring.Length; i++)
        {
            _linux.Write(ring[i], ring[(i + 1) % ring.Length]);
            _linux.Write(ring[(i + 1) % ring.Length] + 8, ring[i]);
        }

        if (isNew)
            _linux.Write(mutex + 16, nodes[0]);

        return (mutex, waiting, owner);
    }

    /// <summary>A task that waits: its waiter is on its stack, and behind it the mutex's address.</summary>
    private GuestThreadState MakeTask(int id, ulong mutex)
    {
        ulong address = _linux.Allocate(64);
        ulong stack = _linux.Allocate(StackSize);
        _linux.Write(stack + StackSize - 128 + TaskMember, address);
        _linux.Write(stack + StackSize - 64, mutex);
        var registers = new RegisterSet(X64Architecture.Instance) { [X64Register.Rsp] = stack + StackSize - 512 };
        return _tasks[address] = new GuestThreadState((ulong)id, address, $"waiter-{id}", "uninterruptible")
        {
            IsWaiting = true,
            StackStart = stack,
            StackSize = StackSize,
            Saved = registers,
        };
    }
}
