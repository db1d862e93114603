using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Session.Answers;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Unwinding;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.GdbServer;

/// <summary>
/// The tasks of a Linux guest in stock debuggers, with a kernel that has no file here: its symbols, and the rules for
/// its stacks, are out of memory.
/// </summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class GdbTasksTests(TasksGuest fixture)
{
    private const string Interrupted = "<signal handler called>";
    private const ulong KernelHalf = 1UL << 63;

    private string Socket => Path.Combine(fixture.Guest.Folder, "served");

    private string Core => $"core:{fixture.Core}";

    [LinuxGuestFact("gdb")]
    public void Stacks_OfAllTasks_AreTheSameInGdb()
    {
        string said;
        using (var server = new ServerProcess(Socket, "--target", Core))
            said = GdbSession.Run(Socket, "thread apply all bt");

        Dictionary<string, (ulong Address, string Name)[]> shown = ParseStacks(said);
        using GuestSession session = GuestSession.Over(
            CoreTarget.Open(fixture.Core),
            new GuestSettings { Cpu = 0, NoCache = true }
        );
        var answer = ThreadStacksAnswer.Ask(
            session,
            session.ListThreads().Threads,
            UnwinderOptions.Default,
            withVariables: false,
            new QuestionContext()
        );
        int compared = 0;
        foreach (ThreadStack stack in answer.Stacks)
        {
            ulong[] expected = [.. stack.Backtrace.Frames.Select(frame => frame.Address.Value)];
            foreach (ThreadRow thread in stack.Threads.Where(thread => thread.State.Id != 0 && expected.Length > 0))
            {
                Assert.True(shown.TryGetValue($"{thread.State.Id}", out (ulong Address, string Name)[]? frames), said);
                ulong[] kernel =
                [
                    .. frames
                        .Where((frame, i) => i == 0 || frame.Address >= KernelHalf || frame.Name == Interrupted)
                        .Select(
                            (frame, i) => frame.Name == Interrupted && i < expected.Length ? expected[i] : frame.Address
                        ),
                ];
                if (expected[0] >= KernelHalf)
                    Assert.Equal(expected, kernel);

                compared++;
            }
        }

        Assert.True(compared > 50, $"{compared} stacks were compared");
        string reader = said[said.IndexOf("\"pipe-reader\" (sleeping", StringComparison.Ordinal)..];
        Assert.Matches(
            @"^[^\n]+\n#0  0x[0-9a-f]+ in __schedule \(\)\n#1  0x[0-9a-f]+ in schedule \(\)\n"
                + @"#2  0x[0-9a-f]+ in (anon_)?pipe_read \(\)\n", // renamed in 6.15
            reader
        );
    }

    [LinuxGuestFact("lldb")]
    public void Tasks_InLldb_HaveNamesAndStacks()
    {
        string elf = Path.Combine(fixture.Guest.Folder, "kernel.elf");
        CommandRun made = CommandRun.Of("vmlinux", elf, "--no-code", "--target", Core);
        Assert.Equal(0, made.ExitCode);
        using var server = new ServerProcess(null, "--target", Core);
        string said = Tools.Run(
            "lldb",
            [
                "--no-lldbinit",
                "--batch",
                "-o",
                $"target create {elf}",
                "-o",
                $"gdb-remote {server.Address}",
                "-o",
                "thread list",
                "-o",
                "thread backtrace all",
            ]
        );

        Assert.Matches(
            @"thread #\d+: tid = 0x[0-9a-f]+, 0x[0-9a-f]+ .*`__schedule \+ \d+, name = 'pipe-reader \(sleeping",
            said
        );
        Assert.Matches(
            @"name = 'pipe-reader \(sleeping, CPU \d\)'\n    frame #0: 0x[0-9a-f]+ .*`__schedule \+ \d+\n    frame #1: "
                + @"0x[0-9a-f]+ .*`schedule \+ \d+\n    frame #2: 0x[0-9a-f]+ .*`(anon_)?pipe_read \+ \d+\n",
            said
        );
    }

    /// <summary>The stacks by the number of the task.</summary>
    private static Dictionary<string, (ulong Address, string Name)[]> ParseStacks(string said)
    {
        var stacks = new Dictionary<string, (ulong Address, string Name)[]>();
        foreach (Match thread in ThreadPattern().Matches(said))
            stacks[thread.Groups["id"].Value] =
            [
                .. FramePattern()
                    .Matches(thread.Groups["frames"].Value)
                    .Select(frame =>
                        (
                            frame.Groups["address"] is { Success: true, Value: var text }
                                ? ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                                : 0,
                            frame.Groups["name"].Value
                        )
                    ),
            ];

        return stacks;
    }

    [GeneratedRegex("(?m)^Thread [0-9]+ \\(Thread (?<id>[0-9]+) .*\\n(?<frames>(#.*\\n)*)")]
    private static partial Regex ThreadPattern();

    [GeneratedRegex("(?m)^#[0-9]+ +(0x(?<address>[0-9a-f]+) in )?(?<name><[^>]*>|\\S+)")]
    private static partial Regex FramePattern();
}
