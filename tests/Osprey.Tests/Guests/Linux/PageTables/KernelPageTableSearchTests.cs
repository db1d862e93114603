using Osprey.Guests;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Qmp;
using LinuxSystem = Osprey.Guests.Linux.LinuxGuest;

namespace Osprey.Tests.Guests.Linux.PageTables;

/// <summary>Linux guests whose registers nobody tells: their page tables are found in RAM.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class KernelPageTableSearchTests(TasksGuest fixture)
{
    [LinuxGuestFact]
    public void Kernel_WithoutRegisters_IsTheSame_ByItsOwnTable()
    {
        using var target = CoreTarget.Open(fixture.Core);
        var known = new GuestMachine(target.Memory) { CpuCount = 2, RegisterReader = target.ReadRegisters };
        IGuestOs os = LinuxSystem.Detect(known)!;
        GuestIdentity expected = os.Identity;

        var machine = new GuestMachine(target.Memory) { CpuCount = 2 };
        IGuestOs found = LinuxSystem.Detect(machine)!;
        Assert.Equal(
            (expected.Version, expected.KernelAddress, expected.KernelPhysicalAddress),
            (found.Identity.Version, found.Identity.KernelAddress, found.Identity.KernelPhysicalAddress)
        );
        Assert.Equal(known.Space.Paging.Mode, machine.Space.Paging.Mode);
        using var session = GuestSession.Over(CoreTarget.Open(fixture.Core), new GuestSettings { NoCache = true });
        ulong own = session.Kernel.FindSymbol("init_top_pgt")!.Value;
        Assert.True(known.Space.Memory.TryTranslate(own, out PhysicalAddress place));
        Assert.Equal(place, machine.Space.Paging.Root);

        // So is the one that the kernel is read by when registers are known: a program's may go away.
        Assert.Equal(place, os.GetOwnSpace(known.Space).Paging.Root);

        // Also when the guest is looked at anew.
        machine.Forget();
        Assert.Equal(place, machine.Space.Paging.Root);
    }

    [LinuxGuestFact]
    public void Tasks_WithoutRegisters_AreTheSame()
    {
        using var known = GuestSession.Over(CoreTarget.Open(fixture.Core), new GuestSettings { NoCache = true });
        using var session = GuestSession.Over(
            new SilentTarget(CoreTarget.Open(fixture.Core)),
            new GuestSettings { NoCache = true }
        );
        Assert.Equal(List(known), List(session));

        static IEnumerable<string> List(GuestSession session) =>
            ThreadsAnswer
                .Ask(session, new ThreadQuery(), new QuestionContext())
                .Threads.Where(row => !row.State.IsRunning)
                .Select(row => $"{row.State.Label} {row.State.State} {row.Place} {row.Wait?.Description}");
    }

    /// <summary>As libvirt has QEMU for itself for as long as a guest runs.</summary>
    [LinuxGuestFact]
    public void Commands_WhileQmpIsAnothers_ReadMemoryAlone()
    {
        using var guest = new LinuxGuest(LinuxGuestVariant.Symbols);
        using var holder = new QmpClient(guest.QmpSocket);
        using var other = new QmpClient(guest.TestQmpSocket);
        Cli.CommandRun run = Cli.CommandRun.Of("ps", "init", "kthreadd", "--target", guest.Name, "--no-cache");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["init", "kthreadd"],
            run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Skip(1)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4])
                .Order(StringComparer.Ordinal)
        );
        Assert.Contains("registers can't be read: QMP at ", run.Messages, StringComparison.Ordinal);
    }

    /// <summary>A core that has lost its registers.</summary>
    private sealed class SilentTarget(CoreTarget core) : GuestTarget
    {
        public override string Name => core.Name;

        public override TargetAccess Access => core.Access;

        public override Architecture Architecture => core.Architecture;

        public override IPhysicalMemory Memory => core.Memory;

        public override int CpuCount => core.CpuCount;

        public override RegisterSet ReadRegisters(int cpu) =>
            throw new TargetException(TargetProblem.NoRegisters, "nobody tells the registers");

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                core.Dispose();

            base.Dispose(disposing);
        }
    }
}
