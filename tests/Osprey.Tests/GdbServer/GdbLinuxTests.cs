using System.Diagnostics;
using System.Text.RegularExpressions;
using Osprey.Tests.Cli;
using Osprey.Tests.Debugging;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Qmp;

namespace Osprey.Tests.GdbServer;

/// <summary>Stock gdb on a Linux guest that has no file here.</summary>
[Collection(MemfdGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class GdbLinuxTests(MemfdGuest fixture)
{
    private const string Function = "hrtimer_interrupt";

    private LinuxGuest Guest => fixture.Guest;

    private string Socket => Path.Combine(Guest.Folder, "served");

    [LinuxGuestFact("gdb")]
    public void Gdb_StopsStepsAndLeaves_WithTheKernelsTextUnchanged()
    {
        string place = FindSymbol(Function);
        var text = KernelText.Read(Guest);
        using (var server = new ServerProcess(Socket, "--target", Guest.Name))
        {
            Assert.True(IsRunning(), "the guest stands still before a debugger came");
            string said = GdbSession.Run(
                Socket,
                "info threads",
                $"break *{place}",
                "continue",
                "print/x $pc",
                "stepi",
                "stepi",
                "print $_thread",
                "monitor info status",
                "monitor osprey symbol " + Function,
                "delete",
                $"x/4xb {place}",
                "detach"
            );

            Assert.Matches(@"(?m)^\* 1 +Thread \d+ """, said);
            Assert.Contains("hit Breakpoint 1", said, StringComparison.Ordinal);
            Assert.Contains($"$1 = {place}\n", said, StringComparison.Ordinal);
            Assert.Contains("VM status: paused", said, StringComparison.Ordinal);
            Assert.Contains($"{place} {Function}", said, StringComparison.Ordinal);
            Assert.Contains("detached", said, StringComparison.Ordinal);
            AssertLeft(text, said + server.Messages);
        }

        AssertLeft(text, "after the server's end");
    }

    [LinuxGuestFact("gdb")]
    public void Gdb_WithAThreadThatSleepsChosen_StopsForTheOneThatComes()
    {
        string place = FindSymbol(Function);
        var text = KernelText.Read(Guest);
        using var server = new ServerProcess(Socket, "--target", Guest.Name);
        string said = GdbSession.Run(
            Socket,
            "info threads",
            "thread 5",
            $"break *{place}",
            "continue",
            "print/x $pc",
            "delete",
            "detach"
        );

        // gdb takes the thread of the stop for the chosen one: it does not choose it again.
        Assert.Contains("hit Breakpoint 1", said, StringComparison.Ordinal);
        Assert.Contains($"$1 = {place}\n", said, StringComparison.Ordinal);
        AssertLeft(text, said + server.Messages);
    }

    [LinuxGuestFact("gdb")]
    public void Breakpoints_WhenTheServerIsEnded_AreTakenOut()
    {
        foreach (string signal in (string[])["TERM", "HUP", "INT"])
            EndAtABreakpoint(signal);
    }

    [LinuxGuestFact("gdb")]
    public void Breakpoints_WhenGdbIsKilled_AreTakenOut() => EndAtABreakpoint(null);

    private void EndAtABreakpoint(string? signal)
    {
        string place = FindSymbol(Function);
        var text = KernelText.Read(Guest);
        using var server = new ServerProcess(Socket, "--target", Guest.Name);
        using Process gdb = GdbSession.Start(
            Socket,
            $"break *{place}",
            "continue",
            "echo stopped\\n",
            "python import time; time.sleep(600)"
        );
        try
        {
            while (gdb.StandardOutput.ReadLine() is { } line && line != "stopped")
                continue;

            Assert.False(IsRunning());
            if (signal is not null)
                server.End(signal);
        }
        finally
        {
            gdb.Kill(entireProcessTree: true);
            gdb.WaitForExit();
        }

        AssertLeft(text, server.Messages);
    }

    [LinuxGuestFact("gdb")]
    public void Looking_NeverStopsTheGuest()
    {
        using var log = new QmpEventLog(Guest.TestQmpSocket);
        using var server = new ServerProcess(Socket, "--target", Guest.Name, "--look");
        string said = GdbSession.Run(
            Socket,
            "info threads",
            "x/2i $pc",
            "continue",
            "stepi",
            "break *0xffffffff81000000",
            "continue"
        );

        Assert.Contains("osprey: the guest is looked at only", said, StringComparison.Ordinal);
        Assert.Contains("Cannot insert breakpoint", said, StringComparison.Ordinal);
        Assert.Empty(log.Read());
    }

    private void AssertLeft(KernelText text, string said)
    {
        Assert.True(SpinWait.SpinUntil(IsRunning, TimeSpan.FromSeconds(20)), $"the guest stands still:\n{said}");
        text.AssertKept();
    }

    private bool IsRunning()
    {
        using var qmp = new QmpClient(Guest.TestQmpSocket);
        return qmp.Execute("query-status").GetProperty("running").GetBoolean();
    }

    private string FindSymbol(string name)
    {
        CommandRun run = CommandRun.Of("symbol", name, "--target", Guest.Name);
        Match found = Address().Match(run.Text);
        Assert.True(found.Success, run.Text + run.Messages);
        return found.Value;
    }

    [GeneratedRegex("^0x[0-9a-f]+")]
    private static partial Regex Address();
}
