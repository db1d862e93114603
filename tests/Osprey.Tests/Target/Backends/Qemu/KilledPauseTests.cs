using System.Diagnostics;
using System.Globalization;
using Osprey.Tests.Builders;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Qmp;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Backends.Qemu;

/// <summary>A program that is killed while it has a guest paused: the next one says so.</summary>
public sealed class KilledPauseTests
{
    private const int MaxTries = 20;

    [ToolFact("qemu-system-x86_64")]
    public void Guest_OfAProgramThatIsKilledWhileItDumps_IsSaidToBeLeftPaused()
    {
        using var guest = new BareGuest(hasQmp: true, "-m", "1024");
        using var qmp = new QmpClient(guest.TestQmpSocket);
        string target = guest.ProcessId.ToString(CultureInfo.InvariantCulture);
        string core = Path.GetTempFileName();
        try
        {
            int? killed = null;
            for (int i = 0; killed is null && i < MaxTries; i++)
                killed = TryKillWhilePaused(qmp, "dump", core, "--force", "--target", target);

            Assert.NotNull(killed);
            string note =
                $"an osprey that was killed (pid {killed}) left the guest paused: osprey continue lets it run";
            Assert.Contains(note, CommandRun.Of("info", "--target", target).Messages, StringComparison.Ordinal);

            CommandRun continued = CommandRun.Of("continue", "--target", target);
            Assert.True(continued.ExitCode == 0, continued.Messages);
            Assert.True(IsRunning(qmp));

            // Who pauses it now wants it so.
            Assert.Equal(0, CommandRun.Of("pause", "--target", target).ExitCode);
            Assert.DoesNotContain(
                "was killed",
                CommandRun.Of("info", "--target", target).Messages,
                StringComparison.Ordinal
            );
        }
        finally
        {
            File.Delete(core);
        }
    }

    /// <summary>Gives the process id; null when the program was faster.</summary>
    private static int? TryKillWhilePaused(QmpClient qmp, params string[] arguments)
    {
        using Process process = Process.Start(TestedProgram.With(arguments))!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!process.HasExited && IsRunning(qmp))
            Thread.Sleep(1);

        if (!process.HasExited)
            TestedProgram.Signal(process, "KILL");

        process.WaitForExit();
        return IsRunning(qmp) ? null : process.Id;
    }

    private static bool IsRunning(QmpClient qmp) => qmp.Execute("query-status").GetProperty("running").GetBoolean();
}
