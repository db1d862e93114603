using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Tests.Builders;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Qmp;
using Xunit.Abstractions;

namespace Osprey.Tests.Debugging;

/// <summary>
/// A debugger that has breakpoints in a guest, and is killed at any moment: the next finds what is left and takes it
/// out. <c>OSPREY_KILL_ROUNDS</c> says how often.
/// </summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class KilledDebuggerTests(TasksGuest fixture, ITestOutputHelper output)
{
    private const int LatestKill = 2_500; // milliseconds after its start

    private const string Silent = "the stub did not answer";

    private static readonly string[] s_functions =
    [
        "kernel_clone",
        "ksys_read",
        "ksys_write",
        "vfs_open",
        "do_sys_openat2",
        "vfs_read",
        "vfs_write",
        "do_exit",
        "schedule_timeout",
        "hrtimer_nanosleep",
        "do_mmap",
        "mmput",
        "wake_up_new_task",
        "do_filp_open",
        "path_openat",
        "do_syslog",
        "kernel_halt",
        "do_sigaction",
        "begin_new_exec",
        "futex_wait",
    ];

    private LinuxGuest Guest => fixture.Guest;

    [LinuxGuestFact]
    public void Breakpoints_OfADebuggerThatIsKilled_AreFoundAndTakenOut()
    {
        int rounds = int.Parse(
            Environment.GetEnvironmentVariable("OSPREY_KILL_ROUNDS") ?? "3",
            CultureInfo.InvariantCulture
        );
        var text = KernelText.Read(Guest);
        var random = new Random(1);
        int withLeft = 0;
        int most = 0;
        int late = 0;
        for (int round = 0; round < rounds; round++)
        {
            // One that waits for output is at work: in each third round, all breakpoints are there.
            Kill(round % 3 == 0 ? null : random.Next(LatestKill));
            CommandRun cleared = Run("continue", "--clear", "--write");
            for (int again = 0; again < 3 && cleared.Messages.Contains(Silent, StringComparison.Ordinal); again++)
            {
                // A busy host: QEMU itself has not answered within the time that a user would wait.
                late++;
                cleared = Run("continue", "--clear", "--write");
            }

            Assert.True(cleared.ExitCode == 0, cleared.Messages);
            if (Left().Match(cleared.Messages) is { Success: true } left)
            {
                withLeft++;
                most = Math.Max(most, int.Parse(left.Groups[1].Value, CultureInfo.InvariantCulture));
            }

            Assert.True(SpinWait.SpinUntil(IsRunning, TimeSpan.FromSeconds(20)), $"round {round}: it stands still");
            text.AssertKept();
        }

        output.WriteLine(
            $"{rounds} rounds, {withLeft} with breakpoints that were left, at most {most}; QEMU was late {late} times"
        );
        Assert.Equal(s_functions.Length, most);
        Assert.DoesNotContain("killed", Run("step").Messages, StringComparison.Ordinal);
        Assert.True(IsRunning());
    }

    private void Kill(int? milliseconds)
    {
        using Process process = Process.Start(
            TestedProgram.With(["trace-calls", .. s_functions, "--no-cache", "--target", Guest.Name])
        )!;
        if (milliseconds is int time)
            Thread.Sleep(time);
        else
            Assert.NotNull(process.StandardOutput.ReadLine());

        TestedProgram.Signal(process, "KILL");
        process.WaitForExit();
    }

    private CommandRun Run(params string[] arguments) => CommandRun.Of([.. arguments, "--target", Guest.Name]);

    private bool IsRunning()
    {
        using var qmp = new QmpClient(Guest.TestQmpSocket);
        return qmp.Execute("query-status").GetProperty("running").GetBoolean();
    }

    [GeneratedRegex("killed left ([0-9]+) breakpoints")]
    private static partial Regex Left();
}
