using System.Diagnostics;
using System.Text.RegularExpressions;
using Osprey.Tests.Builders;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Debugging;

/// <summary>Commands that steer a Linux guest without any file, on a booted one; its text stays as it was.</summary>
[Collection(SymbolsGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class SteeredLinuxTests(SymbolsGuest fixture)
{
    /// <summary>The kernel calls it at each tick of a vCPU that is not idle: init spins on the first one.</summary>
    private const string Ticked = "update_process_times";

    private LinuxGuest Guest => fixture.Guest;

    [LinuxGuestFact]
    public void RunUntil_AFunction_ShowsItAndLetsTheGuestRunOn()
    {
        var text = KernelText.Read(Guest);
        CommandRun run = Run("run-until", Ticked, "--bt", "--print", "$rip", "--thread", "ini*", "--timeout", "60s");

        Assert.True(run.ExitCode == 0, run.Text + run.Messages);
        Assert.Matches($"(?m)^0x[0-9a-f]{{16}} {Ticked}, thread 1 \\(init\\) on CPU 0, after ", run.Text);
        Assert.Matches($"(?m)^\\$rip = .*<{Ticked}>", run.Text);
        Assert.Matches($"(?m)^#0 +0x[0-9a-f]{{16}} {Ticked}", run.Text);
        Assert.True(IsRunning());
        text.AssertKept();
    }

    [LinuxGuestFact]
    public void RunUntil_WhatNeverComes_GivesUpAndLeavesTheGuest()
    {
        var text = KernelText.Read(Guest);
        CommandRun run = Run("run-until", Ticked, "--if", "$rdi == 12345", "--timeout", "2s");

        Assert.Equal(1, run.ExitCode);
        Assert.Matches($"{Ticked}: the guest did not come there within 2 s, \\d+ stops did not count", run.Messages);
        Assert.True(IsRunning());
        text.AssertKept();
    }

    /// <summary>It would be waited for until the end of time, by a guest that lost what it did.</summary>
    [LinuxGuestFact]
    public void RunUntil_AFunctionOfAKernelThatMovesAtBoot_DoesNotReset()
    {
        var text = KernelText.Read(Guest);
        CommandRun run = Run("run-until", "start_kernel", "--reset", "--timeout", "2s");

        // One boot of hundreds has the kernel where it was linked to.
        bool hasMoved = !Run("symbol", "_text").Text.StartsWith("0xffffffff81000000 ", StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith(
            "osprey: "
                + (
                    hasMoved
                        ? "start_kernel: the kernel moved itself when it booted (KASLR), and will be elsewhere after a "
                            + "reset: start the guest with nokaslr, or name an address\n"
                        : "the guest can't be reset: its QEMU was started with -no-reboot, and would end\n"
                ),
            run.Messages,
            StringComparison.Ordinal
        );
        Assert.True(IsRunning());
        text.AssertKept();
    }

    [LinuxGuestFact]
    public void TraceCalls_ShowsCallsAndReturns_AndATracefileHasThem()
    {
        var text = KernelText.Read(Guest);
        CommandRun run = Run("trace-calls", Ticked, "--args", "--return", "--thread", "init", "--duration", "3s");
        Assert.True(run.ExitCode == 0, run.Text + run.Messages);
        Assert.Matches($"(?m)^ +\\d+\\.\\d{{6}}  0     1 init +{Ticked}\\(.*\\)$", run.Text);
        Assert.Matches($"(?m) {Ticked} = void  \\(\\d+ us\\)$", run.Text);

        string file = Path.Combine(Guest.Folder, "calls.trace");
        run = Run("trace-calls", Ticked, "--duration", "2s", "--output", file);
        Assert.True(run.ExitCode == 0, run.Text + run.Messages);
        CommandRun summary = CommandRun.Of("trace", "summary", file);
        Assert.True(summary.ExitCode == 0, summary.Messages);
        Assert.Contains(Ticked, summary.Text, StringComparison.Ordinal);
        Assert.Matches("trace_calls_end +1", summary.Text);
        // A kernel without files has names all the same: those of the callers are beside the trace.
        CommandRun listed = CommandRun.Of("trace", "list", "--backtrace", file);
        Assert.Matches(@"\btick_\w+", listed.Text);
        Assert.True(IsRunning());
        text.AssertKept();
    }

    [LinuxGuestFact]
    public void TraceCalls_EndedByASignal_TakesEveryBreakpointOut()
    {
        var text = KernelText.Read(Guest);
        foreach (string signal in (string[])["INT", "TERM", "HUP"])
        {
            using Process process = Process.Start(
                TestedProgram.With(["trace-calls", Ticked, "--return", "--no-cache", "--target", Guest.Name])
            )!;
            Assert.NotNull(process.StandardOutput.ReadLine());
            TestedProgram.Signal(process, signal);
            Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), $"it did not end at {signal}");

            Assert.Equal((signal, 130), (signal, process.ExitCode));
            Assert.True(IsRunning());
            text.AssertKept();
        }
    }

    [LinuxGuestFact]
    public void Breakpoints_LeftByAKill_AreSaidAndRemoved()
    {
        // At some moments of a call there is none, or there are two: one is where it returns to.
        const string Left = "an osprey that was killed left [12] breakpoints in the guest";
        KillTracing();
        CommandRun said = Run("step");
        for (int i = 0; i < 10 && !Regex.IsMatch(said.Messages, Left); i++)
        {
            Run("continue");
            KillTracing();
            said = Run("step");
        }

        Assert.Matches(Left, said.Messages);

        // What was left stops the guest again, at once or in a moment.
        CommandRun held = Run("continue");
        Assert.Matches(
            "an osprey that was killed left (a breakpoint|2 breakpoints) in the guest, which stops? it; "
                + "osprey continue --clear --write removes",
            held.Messages
        );
        CommandRun cleared = Run("continue", "--clear", "--write");
        Assert.True(cleared.ExitCode == 0, cleared.Messages);
        Assert.Matches("[12] of them were removed", cleared.Messages);
        Assert.True(IsRunning());
        Assert.DoesNotContain("killed", Run("step").Messages, StringComparison.Ordinal);
    }

    private void KillTracing()
    {
        using Process process = Process.Start(
            TestedProgram.With(["trace-calls", Ticked, "--no-cache", "--target", Guest.Name])
        )!;
        Assert.NotNull(process.StandardOutput.ReadLine());
        TestedProgram.Signal(process, "KILL");
        process.WaitForExit();
    }

    [LinuxGuestFact]
    public void Fault_WithoutWrite_OnlySaysWhatItWouldDo_AndWithIt_Does()
    {
        var text = KernelText.Read(Guest);
        CommandRun refused = Run("fault", Ticked, "--return", "-28");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Text));
        CommandRun dry = Run("fault", Ticked, "--return", "-28", "--dry-run");
        Assert.Equal(0, dry.ExitCode);
        Assert.Matches($"^{Ticked} at 0x[0-9a-f]+ would return -28 \\(0xffffffffffffffe4\\)\n$", dry.Text);
        dry = Run("fault", Ticked, "--return", "-28", "--if", "nosuch == 1", "--dry-run");
        Assert.Equal((1, ""), (dry.ExitCode, dry.Text));
        Assert.Contains("the condition 'nosuch == 1' can't be computed", dry.Messages, StringComparison.Ordinal);

        CommandRun run = Run([
            "fault",
            Ticked,
            "--return",
            "-28",
            "--times",
            "2",
            "--every",
            "2",
            "--duration",
            "60s",
            "--write",
        ]);
        Assert.True(run.ExitCode == 0, run.Text + run.Messages);
        Assert.Matches($"(?m)^1: {Ticked} returns -28 .* call 2$", run.Text);
        Assert.Matches($"(?m)^2: {Ticked} returns -28 .* call 4$", run.Text);
        Assert.True(IsRunning());
        text.AssertKept();
    }

    [LinuxGuestFact]
    public void Fault_OfAScript_GoesByTheGuestsState()
    {
        var text = KernelText.Read(Guest);
        string file = Path.Combine(Guest.Folder, "tick.fault");
        File.WriteAllText(
            file,
            $"""
            when value "*(unsigned long *)&jiffies_64 > 0" 10s
            when thread kthreadd waits in kthreadd 20s
            fault {Ticked} return -28 every 2 thread init    # until it is cleared
            wait {Ticked} 2 60s
            clear {Ticked}
            fault {Ticked} return 7 times 1 if "$rsp != 0"
            """
        );
        CommandRun dry = Run("fault", "--script", file, "--dry-run");
        Assert.True(dry.ExitCode == 0, dry.Text + dry.Messages);
        Assert.Matches($"(?m)^line 6: fault .*\n{Ticked} at 0x[0-9a-f]+ would return 7 \\(0x7\\)$", dry.Text);
        Assert.Equal(1, Run("fault", "--script", file).ExitCode);

        CommandRun run = Run("fault", "--script", file, "--duration", "2m", "--write");
        Assert.True(run.ExitCode == 0, run.Text + run.Messages);
        Assert.Matches(
            $"(?s)^line 1: .*\nline 3: .*\n1: {Ticked} returns -28 [^\n]*\\(init\\) on CPU \\d, call 2\n.*"
                + $"\n2: {Ticked} returns -28 [^\n]*, call 4\n.*\nline 5: .*\n3: {Ticked} returns 7 [^\n]*, call 1\n",
            run.Text
        );
        Assert.Contains($"2 of 4 calls of {Ticked} failed", run.Messages, StringComparison.Ordinal);
        Assert.True(IsRunning());
        text.AssertKept();

        File.WriteAllText(file, $"fault {Ticked} return 1 if \"$rsp == 0\"\nwait {Ticked} 1s\n");
        run = Run("fault", "--script", file, "--write");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            $"{file}:2: 0 calls of {Ticked} failed within the time",
            run.Messages,
            StringComparison.Ordinal
        );
        File.WriteAllText(file, "fault no_such_function return 1\n");
        run = Run("fault", "--script", file, "--dry-run");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{file}:1: the guest has no function 'no_such", run.Messages, StringComparison.Ordinal);
        Assert.True(IsRunning());
        text.AssertKept();
    }

    [LinuxGuestFact]
    public void PauseStepAndContinue_HoldTheGuestBetween()
    {
        CommandRun paused = Run("pause");
        Assert.True(paused.ExitCode == 0, paused.Messages);
        Assert.False(IsRunning());
        Assert.Contains("stands still already", Run("pause").Messages, StringComparison.Ordinal);

        CommandRun stepped = Run("step", "-n", "3", "--cpu", "0");
        Assert.True(stepped.ExitCode == 0, stepped.Messages);
        Assert.Equal(4, stepped.Text.Count(letter => letter == '\n'));
        Assert.False(IsRunning());

        CommandRun continued = Run("continue");
        Assert.Matches(@"runs again \(it was [\w ]+\)", continued.Messages);
        Assert.True(IsRunning());
        Assert.Contains("runs already", Run("continue").Messages, StringComparison.Ordinal);
    }

    private CommandRun Run(params string[] arguments) => CommandRun.Of([.. arguments, "--target", Guest.Name]);

    private bool IsRunning()
    {
        using var qmp = new Osprey.Tests.Guests.Qmp.QmpClient(Guest.TestQmpSocket);
        return qmp.Execute("query-status").GetProperty("running").GetBoolean();
    }
}
