using Osprey.Tests.Packets;
using Osprey.Tests.Traces.Exports;

namespace Osprey.Tests.Cli.Trace.Calls;

/// <summary>Traces of a kernel that records the entries and exits of its functions.</summary>
public sealed class CallCommandTests
{
    private const ulong Main = 0x1000;
    private const ulong Read = 0x2000;
    private const ulong Lock = 0x3000;

    [Fact]
    public void Calls_OfTwoThreads_AreListedWithTheirTimes()
    {
        using ExportTrace trace = CreateTrace();
        string path = trace.Path;
        GoldenFile.Verify(Run(path, "list", "--calls") + "\n" + Run(path, "list", "--calls", "--json"));
    }

    [Fact]
    public void Calls_AreSummedUp_AndRecursionCountsOnce()
    {
        using ExportTrace trace = CreateTrace();
        string path = trace.Path;
        GoldenFile.Verify(
            string.Join(
                "\n",
                Run(path, "prof-calls"),
                Run(path, "prof-calls", "--sort", "self"),
                Run(path, "prof-calls", "--graph"),
                Run(path, "prof-calls", "--graph", "-g", "thread", "--json"),
                Run(path, "prof-calls", "--thread", "worker", "--since", "1500ns")
            )
        );
    }

    [Fact]
    public void Calls_ThatLieDeep_AreBounded()
    {
        using ExportTrace trace = new();
        const int Depth = 5000;
        for (ulong i = 0; i < Depth; i++)
            Add(trace, 1000 + i, 0, 1, "deep", Main, isEntry: true);

        for (ulong i = 0; i < Depth; i++)
            Add(trace, 10_000 + i, 0, 1, "deep", Main, isEntry: false);

        CommandRun run = CommandRun.Of("trace", "prof-calls", "-x", trace.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(" 4096 ", run.Text, StringComparison.Ordinal);
        Assert.Contains("904 entries were left out", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_OfATraceWithoutThem_SayWhatIsMissing()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string path = trace.Path;
        foreach (
            string[] command in (string[][])
                [
                    ["list", "--calls"],
                    ["prof-calls"],
                ]
        )
        {
            CommandRun run = CommandRun.Of(["trace", .. command, "-x", path]);
            Assert.Equal((1, ""), (run.ExitCode, run.Text));
            Assert.Contains("function entry", run.Messages, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Calls_WithOptionsOfOtherListings_AreAUsageError()
    {
        CommandRun run = CommandRun.Of("trace", "list", "--calls", "--tcpdump");
        Assert.Equal(
            (2, "osprey: --calls goes with none of --tcpdump, --backtrace and --compat\n"),
            (run.ExitCode, run.Messages)
        );
    }

    private static ExportTrace CreateTrace()
    {
        ExportTrace trace = new();
        trace.Symbol(Main, "a.cc", 1, "main").Symbol(Read, "a.cc", 9, "read(int)").Symbol(Lock, "a.cc", 20, "lock");
        Add(trace, 1000, 0, 1, "worker", Main, isEntry: true);
        Add(trace, 1100, 0, 1, "worker", Read, isEntry: true);
        Add(trace, 1150, 1, 2, "other", Lock, isEntry: true);
        Add(trace, 1200, 0, 1, "worker", Lock, isEntry: true);
        Add(trace, 1260, 0, 1, "worker", Lock, isEntry: false);
        trace.Add(1270, 0, 1, "worker", "vfs_read", "i", "%d", [7, 0, 0, 0]);
        Add(trace, 1300, 1, 2, "other", Lock, isEntry: false);
        // The function calls itself.
        Add(trace, 1400, 0, 1, "worker", Read, isEntry: true);
        Add(trace, 1600, 0, 1, "worker", Read, isEntry: false);
        Add(trace, 1700, 0, 1, "worker", Read, isEntry: false);
        // Its entry was overwritten.
        Add(trace, 1750, 1, 3, "late", Read, isEntry: false);
        // Its exit never comes: the one around it ends first.
        Add(trace, 1800, 0, 1, "worker", Lock, isEntry: true);
        Add(trace, 2000, 0, 1, "worker", Main, isEntry: false);
        // Still open at the end.
        Add(trace, 2100, 0, 1, "worker", Main, isEntry: true);
        Add(trace, 2150, 0, 1, "worker", Read, isEntry: true);
        Add(trace, 2170, 0, 1, "worker", Read, isEntry: false);
        return trace;
    }

    private static void Add(
        ExportTrace trace,
        ulong time,
        uint cpu,
        ulong thread,
        string name,
        ulong function,
        bool isEntry
    ) =>
        trace.Add(
            time,
            cpu,
            thread,
            name,
            isEntry ? "function entry" : "function exit",
            "PP",
            "fn %p caller %p",
            [.. ExportTrace.Number(function), .. ExportTrace.Number(0x9000)]
        );

    private static string Run(string path, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(["trace", .. arguments, "-S", path]);
        Assert.Equal(0, run.ExitCode);
        return $"$ osprey trace {string.Join(' ', arguments)}\n{run.Text}{run.Messages}";
    }
}
