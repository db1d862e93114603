using System.Diagnostics;
using Osprey.Tests.Builders;
using Osprey.Tests.Cli;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Debugging;

/// <summary>Signals, and time that is up, while a real QEMU takes a guest back along its recording.</summary>
[Trait("Category", "Slow")]
public sealed class ReplaySignalTests
{
    private const string Returns = "osprey: the guest is taken to where it was found";
    private const string Left = "osprey: note: the guest is left on the way back, before instruction ";
    private const string Where = "0x6000: e7030000 became e8030000";
    private const int Attempts = 20;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(100);

    [ToolFact("qemu-system-x86_64", "qemu-img", "as", "ld")]
    public void WhoWrote_EndedOnTheWayBack_LeavesTheGuestWhereItWas()
    {
        using var guest = new RecordedGuest();
        CommandRun run = Run(guest, "run-until", RecordedGuest.End, "--hardware", "--stop");
        Assert.True(run.ExitCode == 0, run.Messages);
        foreach (string signal in (string[])["INT", "TERM", "HUP"])
        {
            (int code, string said) = EndOnTheWay(guest, signal, second: null);
            Assert.True(code == 130, $"{signal}: {code}\n{said}");
            Assert.DoesNotContain(Left, said, StringComparison.Ordinal);
            Assert.True(IsBack(guest), $"the guest is elsewhere after {signal}:\n{said}");
        }

        run = CommandRun.Of("who-wrote", RecordedGuest.Busy, "--timeout", "300ms", "--target", guest.Name);
        Assert.True(run.ExitCode == 1, run.Text + run.Messages);
        Assert.Contains(Returns, run.Messages, StringComparison.Ordinal);
        Assert.Contains("was found within 0.3 s", run.Messages, StringComparison.Ordinal);
        Assert.True(IsBack(guest));

        run = Run(guest, "who-wrote", "no_such_variable");
        Assert.True(run.ExitCode is 1 or 2, run.Text + run.Messages);
        Assert.DoesNotContain(Left, run.Messages, StringComparison.Ordinal);
    }

    [ToolFact("qemu-system-x86_64", "qemu-img", "as", "ld")]
    public void WhoWrote_AskedTwiceToEnd_LeavesTheGuestOnTheWayAndSaysSo()
    {
        using var guest = new RecordedGuest();
        CommandRun run = Run(guest, "run-until", RecordedGuest.End, "--hardware", "--stop");
        Assert.True(run.ExitCode == 0, run.Messages);
        (int code, string said) = EndOnTheWay(guest, "TERM", "INT");
        Assert.True(code == 130, $"{code}\n{said}");
        Assert.Equal(2, said.Split(Left).Length);
    }

    /// <summary>
    /// Has a search end while QEMU goes back; begins again where the signal came early or late, which depends on how
    /// busy the machine is.
    /// </summary>
    private static (int Code, string Said) EndOnTheWay(RecordedGuest guest, string first, string? second)
    {
        TimeSpan early = TimeSpan.Zero;
        TimeSpan? late = null;
        for (int i = 0; i < Attempts; i++)
        {
            TimeSpan delay = late is { } end ? (early + end) / 2 : early * 2 + s_firstDelay;
            using Process process = Process.Start(
                TestedProgram.With("who-wrote", RecordedGuest.Busy, "--size", "4", "--target", guest.Name)
            )!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string said = process.StandardError.ReadLine() + "\n"; // what is read
            Thread.Sleep(delay);
            if (!process.HasExited)
                TestedProgram.Signal(process, first);

            bool isOnTheWay = false;
            while (process.StandardError.ReadLine() is { } line)
            {
                said += line + "\n";
                if (!line.StartsWith(Returns, StringComparison.Ordinal))
                    continue;

                isOnTheWay = true;
                if (second is not null)
                    TestedProgram.Signal(process, second);
            }

            process.WaitForExit();
            said += output.Result;
            bool isLeft = said.Contains(Left, StringComparison.Ordinal);
            if (isOnTheWay && (second is null || isLeft))
                return (process.ExitCode, said);

            Assert.True(IsBack(guest), said);
            if (!isOnTheWay && process.ExitCode == 130)
                early = delay;
            else
                late = delay;
        }

        throw new InvalidOperationException("no signal came on the way back");
    }

    /// <summary>Tells whether the guest is where it was, three instructions behind the last write.</summary>
    private static bool IsBack(RecordedGuest guest)
    {
        CommandRun run = Run(guest, "who-wrote", "0x6000", "--size", "4");
        bool isAnswered = run.ExitCode == 0 || run.Messages.Contains("nothing wrote to", StringComparison.Ordinal);
        Assert.True(isAnswered, run.Messages);
        return run.Text.Contains(", 3 instructions before\n" + Where, StringComparison.Ordinal);
    }

    private static CommandRun Run(RecordedGuest guest, params string[] words) =>
        CommandRun.Of([.. words, "--timeout", "60s", "--target", guest.Name]);
}
