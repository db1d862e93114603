using System.Diagnostics;
using System.Globalization;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests.Qmp;

namespace Osprey.Tests.Guests.Block;

/// <summary>The commands over a Linux guest whose programs write to a disk, and see what becomes of it.</summary>
[Trait("Category", "Slow")]
public sealed class BlockLinuxTests
{
    private const int NoSpace = 28;

    [DiskGuestFact]
    public void Writes_OfAGuest_AreHeldAndFail()
    {
        using var image = new DiskImage();
        using var guest = new LinuxGuest(
            new LinuxGuestVariant(
                "disk",
                [
                    "-cpu",
                    "max,la57=off",
                    "-m",
                    "256",
                    "-machine",
                    "pc",
                    "-drive",
                    $"file={image.Path},format=qcow2,if=none,id=drive0",
                    "-device",
                    "virtio-scsi-pci",
                    "-device",
                    "scsi-hd,drive=drive0,werror=report",
                ],
                Init: "disk"
            )
        );
        Until(() => Count(guest, "alloc") > 1 && Count(guest, "plain") > 1);
        RequireHolding(guest);
        RequireScript(guest);
        RequireErrors(guest);

        using (var qmp = new QmpClient(guest.TestQmpSocket))
            qmp.Execute("quit");

        Until(() => !guest.IsRunning);
        image.RequireClean();
    }

    /// <summary>One write is held where a cluster gets its space; the other thread's writes go on.</summary>
    private static void RequireHolding(LinuxGuest guest)
    {
        Run(guest, "insert", "drive0", "--write");
        Run(guest, "break", "drive0", "cluster_alloc_space", "A", "--write");
        Run(guest, "wait", "A");
        int held = Count(guest, "alloc");
        int plain = Count(guest, "plain");
        Until(() => Count(guest, "plain") >= plain + 5);
        Assert.Equal(held, Count(guest, "alloc"));
        Run(guest, "resume", "A", "--write");
        Until(() => Count(guest, "alloc") > held + 1);
        Run(guest, "remove", "drive0", "--write");
    }

    /// <summary>The same by a script, which waits for the guest's thread as well.</summary>
    private static void RequireScript(LinuxGuest guest)
    {
        string path = Path.Combine(guest.Folder, "steps");
        File.WriteAllText(
            path,
            """
            insert drive0
            break drive0 cluster_alloc_space A
            wait A 60s
            when thread alloc-writer waits in __x64_sys_pwrite64 60s
            resume A
            """
        );
        CommandRun run = Osprey(guest, "script", path, "--write");
        Assert.Equal(
            (
                0,
                """
                1: insert drive0
                2: break drive0 cluster_alloc_space A
                3: wait A 60s
                4: when thread alloc-writer waits in __x64_sys_pwrite64 60s
                5: resume A
                at the end: the filter of drive0 is taken out

                """
            ),
            (run.ExitCode, run.Text)
        );
    }

    /// <summary>The guest's program is told of the error, once.</summary>
    private static void RequireErrors(LinuxGuest guest)
    {
        Assert.Equal(0, CountFailed(guest, NoSpace));
        Run(guest, "inject", "drive0", "cluster_alloc", "--errno", "ENOSPC", "--once", "--write");
        Until(() => CountFailed(guest, NoSpace) > 0);
        int written = Count(guest, "alloc");
        Until(() => Count(guest, "alloc") > written + 3);
        Assert.Equal(1, CountFailed(guest, NoSpace));
        Run(guest, "remove", "drive0", "--write");
    }

    private static CommandRun Osprey(LinuxGuest guest, params string[] words) =>
        CommandRun.Of(["block", .. words, "--target", guest.Name, "--qmp", guest.QmpSocket]);

    private static void Run(LinuxGuest guest, params string[] words)
    {
        CommandRun run = Osprey(guest, words);
        Assert.True(run.ExitCode == 0, $"block {string.Join(' ', words)}: {run.Messages}\n{guest.ReadReport()}");
    }

    /// <summary>The number of writes of a kind that ended, with or without an error.</summary>
    private static int Count(LinuxGuest guest, string kind) =>
        guest.ReadReport().Split('\n').Count(line => line.StartsWith($"ready {kind} ", StringComparison.Ordinal));

    private static int CountFailed(LinuxGuest guest, int error) =>
        guest
            .ReadReport()
            .Split('\n')
            .Count(line =>
                line.EndsWith(string.Create(CultureInfo.InvariantCulture, $" {error}"), StringComparison.Ordinal)
                && line.StartsWith("ready alloc ", StringComparison.Ordinal)
                && line.Split(' ').Length == 4
            );

    private static void Until(Func<bool> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), "what was waited for did not come");
            Thread.Sleep(50);
        }
    }
}
