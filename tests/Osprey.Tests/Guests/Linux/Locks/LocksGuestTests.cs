using Osprey.Guests;
using Osprey.Guests.Linux.Locks;
using Osprey.Guests.Threads;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Failures;
using Osprey.Session.Answers.Guests.Locks;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Unwinding;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Values;
using Osprey.Values;

namespace Osprey.Tests.Guests.Linux.Locks;

/// <summary>
/// Locks of a Linux guest that tasks wait for, as <c>tests/linux-guest/tasks/locks.c</c> has them held; one of them is
/// a deadlock of the kernel.
/// </summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class LocksGuestTests(TasksGuest fixture)
{
    private static readonly string[] s_waiters =
    [
        "pipe-waiter",
        "pipe-waiter-two",
        "file-writer",
        "pi-waiter",
        "dead-tracer",
        "dead-exec",
    ];

    [LinuxGuestFact]
    public void Locks_OfEachWay_HaveTheirOwnersAndWaiters()
    {
        Func<GuestSession>[] ways =
        [
            () => Open(QemuTarget.Attach(QemuProcess.TryRead(fixture.Guest.ProcessId)!)),
            () => Open(GuestFinder.Open(TargetSpec.Parse($"gdb:unix:{fixture.Guest.GdbSocket}"))),
            OpenCore,
        ];
        foreach (Func<GuestSession> open in ways)
        {
            using GuestSession session = open();
            LocksAnswer answer = LocksAnswer.Ask(session, new QuestionContext());
            Assert.Empty(answer.Defects);
            Assert.Empty(answer.Unknown);
            Assert.Equal(
                [
                    "mutex of dead-exec: dead-tracer (deadlock)",
                    "mutex of pi-holder: pi-waiter",
                    "mutex of pipe-holder: pipe-waiter, pipe-waiter-two",
                    "read-write lock of file-holder: file-writer",
                ],
                answer.Locks.Where(row => row.CanBeHeld).Select(Describe).Order(StringComparer.Ordinal)
            );
            GuestThreadState Find(string name) => session.FindThread(name);
            string deadlock = Assert.Single(answer.Deadlocks);
            Assert.StartsWith(
                $"deadlock: thread {Find("dead-tracer").Label} waits for mutex ",
                deadlock,
                StringComparison.Ordinal
            );
            Assert.Contains(
                $", owned by thread {Find("dead-exec").Label}, in ptrace_attach; ",
                deadlock,
                StringComparison.Ordinal
            );
            Assert.Contains(
                $"waits for its thread {Find("dead-thread").Label}, which ended, to be collected by its tracer, thread "
                    + $"{Find("dead-tracer").Label}",
                deadlock,
                StringComparison.Ordinal
            );
        }
    }

    [LinuxGuestFact]
    public void Why_FollowsALockToItsOwner()
    {
        using GuestSession session = OpenCore();
        WhyAnswer answer = WhyAnswer.Ask(session, "file-writer", new QuestionContext());
        Assert.False(answer.IsDeadlock);
        Assert.Equal(["file-writer", "file-holder"], answer.Chain.Select(row => row.State.Name));
        Assert.Contains(
            "shmem_inode_info.vfs_inode.i_rwsem at 0x",
            answer.Chain[0].Wait!.Description,
            StringComparison.Ordinal
        );
        Assert.Equal("memory that a program is to provide (userfaultfd)", answer.Chain[1].Wait!.Description);
        Assert.True(WhyAnswer.Ask(session, "dead-exec", new QuestionContext()).IsDeadlock);
    }

    [LinuxGuestFact]
    public void Failure_IsADeadlock_AndThereIsNoPanic()
    {
        using GuestSession session = OpenCore();
        FailureAnswer answer = FailureAnswer.Ask(session, new QuestionContext());
        Assert.Equal(GuestVerdict.Deadlocked, answer.Verdict);
        Assert.Equal("the guest did not panic, but some of its threads wait for each other for ever", answer.Sentence);
        Assert.Empty(answer.Report);
    }

    [LinuxGuestFact]
    public void DamagedMemory_EndsInOurErrorsOnly()
    {
        using GuestSession session = OpenCore();
        GuestKernel kernel = session.Kernel;
        GuestThreadList whole = session.ListThreads();
        GuestThreadState[] waiters = [.. s_waiters.Select(name => whole.Threads.First(task => task.Name == name))];
        ulong[] places =
        [
            .. waiters.SelectMany(task =>
                Enumerable.Range(0, 16).Select(i => task.Saved!.StackPointer!.Value + ((ulong)i * 64))
            ),
            .. LocksAnswer.Ask(session, new QuestionContext()).Locks.Select(row => row.Address),
        ];
        var damage = new MemoryDamage(kernel.Values.Memory, places);
        int rounds = MemoryDamage.Rounds(100);
        int found = 0;
        for (int round = 0; round < rounds; round++)
        {
            OverlaidMemory memory = damage.Next();
            var damaged = new GuestKernel(
                new ValueSpace(memory, kernel.Values.Modules),
                session.Symbols,
                new UnwindModuleList([])
            );
            var tasks = whole.Threads.ToDictionary(task => task.Address);
            foreach (LinuxLockKind kind in LinuxLockKind.All)
            {
                var list = new LinuxLockList(damaged, kind, tasks);
                foreach (GuestThreadState waiter in waiters)
                    found += list.Find(waiter) is null ? 0 : 1;
            }

            var realTime = new LinuxRealTimeLocks(damaged);
            foreach (GuestThreadState waiter in waiters)
                found += realTime.Find(waiter.Address) is null ? 0 : 1;

            Assert.True(memory.Reads < 100_000, $"round {round}: {memory.Reads} reads");
        }

        // Waiters of all kinds are alike, so that each may be found by each.
        Assert.InRange(found, 5 * rounds, 18 * rounds);
    }

    private static string Describe(LockRow row) =>
        $"{row.Kind} of {row.Owner?.State.Name}: {string.Join(", ", row.Waiters.Select(waiter => waiter.State.Name))}"
        + (row.IsDeadlocked ? " (deadlock)" : "");

    private GuestSession OpenCore() => Open(CoreTarget.Open(fixture.Core));

    private static GuestSession Open(GuestTarget target) =>
        GuestSession.Over(target, new GuestSettings { Cpu = 0, NoCache = true });
}
