using System.Diagnostics;
using Osprey.Tests.Builders;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Cli.Guest;
using Osprey.Tests.Packets;
using Osprey.Tests.Recordings;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Cli;

/// <summary>
/// The program in its environment: variables, the terminal, sockets and stopped processes.
/// </summary>
public sealed class EnvironmentTests
{
    [Fact]
    public void Target_OfTheEnvironment_IsTakenUnlessOneIsNamed()
    {
        using var guest = new SmallGuest();
        using var other = new SmallGuest();
        (string, string?)[] environment = [("OSPREY_TARGET", $"core:{guest.CorePath}")];

        (int code, _, string messages) = Run(environment, "read", "--phys", "0x200000", "4");
        Assert.Equal((0, true), (code, messages.StartsWith($"osprey: reading core {guest.CorePath}, ", Ordinal)));

        (code, _, messages) = Run(environment, "read", "--phys", "0x200000", "4", "-T", $"core:{other.CorePath}");
        Assert.Equal((0, true), (code, messages.StartsWith($"osprey: reading core {other.CorePath}, ", Ordinal)));
    }

    [ToolTheory("script")]
    [InlineData("xterm", null, true)]
    [InlineData("xterm", "1", false)]
    [InlineData("dumb", null, false)]
    public void Messages_OnATerminal_AreRedUnlessNotWanted(string terminal, string? noColour, bool isRed)
    {
        string screen = OnTerminal(
            [("TERM", terminal), ("NO_COLOR", noColour), ("OSPREY_PAGER", "cat")],
            "info",
            "-T",
            "core:/none"
        );

        Assert.Equal(isRed, screen.Contains("\u001b[31mosprey:\u001b[0m /none can't be opened", Ordinal));
        Assert.Equal(isRed, screen.Contains('\u001b', Ordinal));
        Assert.Contains("there is no such file", screen, Ordinal);
    }

    [ToolTheory("script", "sed")]
    [InlineData("sed s/^/own:/", "sed s/^/any:/", "own:")]
    [InlineData(null, "sed s/^/any:/", "any:")]
    [InlineData("cat", "sed s/^/any:/", "")]
    public void Pager_OnATerminal_IsOspreysThenThatOfAll(string? own, string any, string mark)
    {
        string trace = Path.Combine(Checkout.Root, "samples", "fs", "tracefile");
        string screen = OnTerminal(
            [("TERM", "xterm"), ("NO_COLOR", "1"), ("OSPREY_PAGER", own), ("PAGER", any)],
            "trace",
            "list",
            "-x",
            trace
        );

        Assert.Contains($"\n{mark}THREAD ", "\n" + screen, Ordinal);
        Assert.DoesNotContain(mark == "own:" ? "any:" : "own:", screen, Ordinal);
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Qmp_ThatIsNamed_MustBeOfTheGuest()
    {
        using var guest = new QemuGuest();
        using var other = new QemuGuest();

        CommandRun run = CommandRun.Of("registers", "-T", $"{guest.ProcessId}", "--qmp", $"{guest.Folder}/free-qmp");
        Assert.Equal((0, true), (run.ExitCode, run.Text.Contains("cr3", StringComparison.OrdinalIgnoreCase)));

        run = CommandRun.Of("registers", "-T", $"{guest.ProcessId}", "--qmp", $"unix:{other.Folder}/free-qmp");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"is not that of qemu pid {guest.ProcessId}", run.Messages, Ordinal);

        run = CommandRun.Of("registers", "-T", $"{guest.ProcessId}", "--qmp", $"{guest.Folder}/none");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{guest.Folder}/none", run.Messages, Ordinal);
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Qemu_ThatIsStopped_IsSaidToBe()
    {
        using var guest = new QemuGuest("-gdb", "unix:FOLDER/gdb,server=on,wait=off");
        Tools.Run("bash", ["-c", $"kill -STOP {guest.ProcessId}"]);
        try
        {
            CommandRun run = CommandRun.Of("registers", "-T", $"gdb:unix:{guest.Stub}");
            Assert.Equal(
                (
                    1,
                    $"osprey: the gdb stub at unix:{guest.Stub} can't answer: "
                        + $"qemu-system-x86 (pid {guest.ProcessId}) is stopped, as by SIGSTOP\n"
                        + $"        let the process run on: kill -CONT {guest.ProcessId}\n"
                ),
                (run.ExitCode, run.Messages)
            );

            run = CommandRun.Of("registers", "-T", $"{guest.ProcessId}");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains($"qemu pid {guest.ProcessId} is stopped, as by SIGSTOP", run.Messages, Ordinal);
        }
        finally
        {
            Tools.Run("bash", ["-c", $"kill -CONT {guest.ProcessId}"]);
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static (int Code, string Output, string Messages) Run(
        (string Name, string? Value)[] environment,
        params string[] arguments
    )
    {
        ProcessStartInfo start = TestedProgram.With(arguments);
        Set(start, environment);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> messages = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, messages.Result);
    }

    /// <summary>What a terminal shows of a run.</summary>
    private static string OnTerminal((string Name, string? Value)[] environment, params string[] arguments)
    {
        string command = string.Join(' ', [.. TestedProgram.Words, .. arguments]);
        var start = new ProcessStartInfo("script", ["-qec", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Set(start, environment);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string screen = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return screen;
    }

    private static void Set(ProcessStartInfo start, (string Name, string? Value)[] environment)
    {
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
    }
}
