using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Qmp;

namespace Osprey.Tests.Cli.Guest;

/// <summary>When a guest is paused, when not, and that nothing of it is ever changed.</summary>
[Collection(MemfdGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class GuestPauseTests(MemfdGuest fixture)
{
    private LinuxGuest Guest => fixture.Guest;

    [LinuxGuestFact]
    public void Commands_ThatReadMemory_NeverPause()
    {
        using var log = new QmpEventLog(Guest.TestQmpSocket);
        var cli = new GuestCommandLine(Guest);
        foreach ((string name, string[] arguments) in cli.All("").Where(command => !GuestCommandLine.Pauses(command)))
        {
            CommandRun run = cli.Run(name, arguments);
            Assert.Equal((name, 0, ""), (name, run.ExitCode, run.ExitCode == 0 ? "" : run.Messages));
            Assert.Empty(log.Read());
            Assert.DoesNotContain("paused for", run.Messages, StringComparison.Ordinal);
        }

        Assert.Equal(0, CommandRun.Of("guests").ExitCode);
        Assert.Equal(0, cli.Run("registers", "--no-pause").ExitCode);
        Assert.Equal(0, cli.Run("bt", "--no-pause").ExitCode);
        Assert.Equal(0, cli.Run("dump", Path.Combine(Guest.Folder, "running.core"), "--force", "--no-pause").ExitCode);
        Assert.Empty(log.Read());
    }

    [LinuxGuestFact]
    public void Commands_OfOneMoment_PauseOnceAndSaySo()
    {
        var cli = new GuestCommandLine(Guest);
        foreach (
            (string name, string[] arguments) in cli.All(Path.Combine(Guest.Folder, "moment.core"))
                .Where(GuestCommandLine.Pauses)
        )
        {
            using var log = new QmpEventLog(Guest.TestQmpSocket);
            CommandRun run = cli.Run(name, arguments);

            Assert.Equal((name, 0), (name, run.ExitCode));
            Assert.Equal(["STOP", "RESUME"], log.Read().Select(happened => happened.Name));
            Match said = PausedFor().Match(run.Messages);
            Assert.True(said.Success, run.Messages);

            // What is said is what the asker saw: never less than QEMU's own account.
            TimeSpan paused = TimeSpan.FromMilliseconds(
                double.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture) + 0.1
            );
            Assert.True(paused >= log.GetPausedTime(), $"{paused} was said, but it was {log.GetPausedTime()}");
        }
    }

    [LinuxGuestFact]
    public void Guest_FoundPaused_StaysPaused()
    {
        var cli = new GuestCommandLine(Guest);
        using var pause = new GuestPause(Guest);
        foreach ((string name, string[] arguments) in cli.All(Path.Combine(Guest.Folder, "paused.core")))
        {
            CommandRun run = cli.Run(name, arguments);
            Assert.Equal((name, 0, true), (name, run.ExitCode, pause.IsPaused));
            Assert.Contains(": paused\n", run.Messages, StringComparison.Ordinal);
            Assert.DoesNotContain("paused for", run.Messages, StringComparison.Ordinal);
        }

        using GuestTarget target = QemuTarget.Attach(QemuProcess.TryRead(Guest.ProcessId)!);
        Assert.Equal(TargetAccess.Paused, target.Access);
        using (target.Pause())
            target.ReadRegisters(0);

        Assert.Equal((true, TimeSpan.Zero), (pause.IsPaused, target.PausedFor));
    }

    [LinuxGuestFact]
    public void GdbStub_ConnectedAndLeft_LeavesTheGuestAsItWas()
    {
        using (var log = new QmpEventLog(Guest.TestQmpSocket))
        {
            using (GdbTarget target = Connect())
            {
                Assert.Equal((TargetAccess.Paused, true), (target.Access, target.WasRunning));
                target.ReadRegisters(1);
                Assert.Equal(["STOP"], log.Read().Select(happened => happened.Name));
            }

            Assert.Equal(["STOP", "RESUME"], log.Read().Select(happened => happened.Name));
        }

        using var pause = new GuestPause(Guest);
        using (GdbTarget target = Connect())
            Assert.Equal((false, TimeSpan.Zero), (target.WasRunning, target.PausedFor));

        Assert.True(pause.IsPaused);
    }

    /// <summary>Connects as commands do: QMP tells whether the guest ran where the stub does not.</summary>
    private GdbTarget Connect() =>
        Assert.IsType<GdbTarget>(GuestFinder.Open(TargetSpec.Parse($"gdb:unix:{Guest.GdbSocket}")));

    [LinuxGuestFact]
    public void Commands_ByEachLiveWay_ChangeNoByteOfRam()
    {
        using var pause = new GuestPause(Guest);
        var before = new GuestRam(Guest);
        foreach (string target in (string[])[$"{Guest.ProcessId}", $"gdb:unix:{Guest.GdbSocket}"])
        {
            var cli = new GuestCommandLine(Guest, target);
            foreach ((string name, string[] arguments) in cli.All(Path.Combine(Guest.Folder, "hashed.core")))
            {
                CommandRun run = cli.Run(name, arguments);
                Assert.Equal((target, name, 0), (target, name, run.ExitCode));
                Assert.Equal((target, name, true, true), (target, name, before.IsUnchanged(), pause.IsPaused));
            }
        }

        CommandRun.Of("guests");
        Assert.True(before.IsUnchanged());
    }

    [LinuxGuestFact]
    public void Commands_OverACore_ChangeNoByteOfIt()
    {
        foreach (string core in (string[])[fixture.Cores.Kdump, fixture.Cores.Elf])
        {
            string before = HashFile(core);
            var cli = new GuestCommandLine(Guest, $"core:{core}");
            foreach ((string name, string[] arguments) in cli.All(Path.Combine(Guest.Folder, "copied.core")))
                Assert.Equal((name, 0), (name, cli.Run(name, arguments).ExitCode));

            Assert.Equal(before, HashFile(core));
        }
    }

    private static string HashFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    [GeneratedRegex(@"osprey: the guest was paused for ([0-9.]+) ms\n$")]
    private static partial Regex PausedFor();
}
