namespace Osprey.Tests.Cli.Trace;

/// <summary>Commands that find nothing: a message, no header, exit code 1; with --compat nothing of that.</summary>
public sealed class NothingFoundTests
{
    private const string Span = "no sample lies in the time range; the trace's are from 0.001000000 s to 0.010000000 s";

    [Theory]
    [InlineData("list --since 100", Span)]
    [InlineData("list -b -x --since 100", Span)]
    [InlineData("list-timed --since 100", Span)]
    [InlineData("list --since 0.5 --until 0.4", "the time range is empty: its end is not after its begin")]
    [InlineData("list --since 5 --period 1", Span + " (--period 1 is 1 ns; 1s are seconds)")]
    [InlineData("list --until 0.002 --thread worker", "no sample passes the time range and the filters")]
    [InlineData("list --thread worker --cpu 0", "no sample passes the time range and the filters")]
    [InlineData("summary --since 100", Span)]
    [InlineData("prof -x --since 100", Span)]
    [InlineData("prof -x --min-hits 1000", "all of the profile is below --min-hits or --min-duration")]
    [InlineData(
        "prof -x --function nosuch",
        "no stack goes through a function named 'nosuch' (names must match exactly)"
    )]
    [InlineData(
        "prof-flame -x --function nosuch",
        "no stack goes through a function named 'nosuch' (names must match exactly)"
    )]
    [InlineData("prof-wait -x --since 100", Span)]
    [InlineData("prof-flame -x --since 100", Span)]
    [InlineData("prof-lock", "the trace has no mutex_lock_wait and no mutex_lock_wake", true)]
    [InlineData("cpu-load", "the trace has no sched_load", true)]
    [InlineData("cpu-load -f csv", "the trace has no sched_load", true)]
    [InlineData("wakeup-latency", "the trace has no sched_wake", true)]
    [InlineData("memory-analyzer", "the trace has no memory_malloc", true)]
    [InlineData("tcpdump", "the trace has no net_packet_in", true)]
    [InlineData("pcap-dump", "the trace has no net_packet_in", true)]
    [InlineData("export --to pcapng", "the trace has no net_packet_in", true)]
    [InlineData("export --to csv -x --since 100", Span)]
    [InlineData("export --to chrome -x --since 100", Span)]
    [InlineData("export --to speedscope -x --since 100", Span)]
    [InlineData("export --to tracefile --since 100", Span)]
    [InlineData("export --to jsonl -x --since 100", Span)]
    public void Command_FindsNothing_SaysWhyAndEndsWith1(string commandLine, string message, bool isPrefix = false)
    {
        CommandRun run = Run(commandLine);

        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        string wanted = $"osprey: nothing to show: {message}";
        string[] lines = run.Messages.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(wanted, isPrefix ? lines[0][..wanted.Length] : lines[0]);
        Assert.All(lines[1..], line => Assert.StartsWith("osprey: note: ", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("list -t nosuch")]
    [InlineData("list-timed -t nosuch")]
    [InlineData("summary -t nosuch")]
    [InlineData("prof -x -t nosuch")]
    public void Command_TracepointThatTheTraceLacks_SaysOnlyThat(string commandLine)
    {
        CommandRun run = Run(commandLine);

        Assert.Equal(
            (1, "", "osprey: the trace has no tracepoint 'nosuch' (osprey trace info shows what it has)"),
            (run.ExitCode, run.Text, run.Messages.Split('\n')[0])
        );
        Assert.DoesNotContain("nothing to show", run.Messages);
    }

    [Theory]
    [InlineData("list --since 100")]
    [InlineData("summary --since 100")]
    [InlineData("prof -x --since 100")]
    [InlineData("prof -x --max-levels -1")]
    [InlineData("list --since -1")]
    public void Compat_FindsNothing_IsNoFailure(string commandLine)
    {
        CommandRun run = Run(commandLine + " --compat");

        Assert.Equal((0, ""), (run.ExitCode, run.Messages));
    }

    [Fact]
    public void Export_FindsNothing_LeavesTheOldFile()
    {
        using var folder = new TraceFolder();
        folder.Write("trace", TraceFolder.NewSmallTrace()).Write("out", "before");

        CommandRun run = CommandRun.Of(
            "trace",
            "export",
            "--to",
            "pcapng",
            "-o",
            folder.GetPath("out"),
            folder.GetPath("trace")
        );

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("before", File.ReadAllText(folder.GetPath("out")));
    }

    [Fact]
    public void Cut_KeepsNothing_SaysWhy()
    {
        using var folder = new TraceFolder();
        folder.Write("trace", TraceFolder.NewSmallTrace());

        CommandRun run = CommandRun.Of(
            "trace",
            "cut",
            folder.GetPath("trace"),
            "-o",
            folder.GetPath("out"),
            "--since",
            "9",
            "--quiet"
        );

        Assert.Equal((1, $"osprey: nothing to show: {Span}\n"), (run.ExitCode, run.Messages));
    }

    [Theory]
    [InlineData("prof -x --max-levels -1", "--max-levels: -1 is negative")]
    [InlineData("prof -x --min-hits -1", "--min-hits: '-1' is neither a number nor a percentage such as 5%")]
    [InlineData(
        "prof -x --min-duration -1ms",
        "--min-duration: '-1ms' is not a duration; expected a number with an optional unit, such as 10ms"
    )]
    [InlineData("memory-analyzer --min-count -1", "--min-count: -1 is negative")]
    [InlineData("cpu-load -c -1", "--cpus: -1 is negative")]
    [InlineData("list --since -1", "--since: '-1' is negative; guest time begins at 0")]
    [InlineData("list --until -1ms", "--until: '-1ms' is negative; guest time begins at 0")]
    [InlineData("list --since 1 --period -5", "--period: '-5' is negative; guest time begins at 0")]
    public void Number_ThatIsNegative_IsAUsageError(string commandLine, string message)
    {
        CommandRun run = Run(commandLine);

        Assert.Equal((2, $"osprey: {message}\n", ""), (run.ExitCode, run.Messages, run.Text));
    }

    [Theory]
    [InlineData("-g allocator", true)]
    [InlineData("-g allocator requested", true)]
    [InlineData("-g allocatr", false)]
    public void MemoryAnalyzer_TraceBehindTheKeys_IsTheTrace(string keys, bool isRead)
    {
        using var folder = new TraceFolder();
        folder.Write("trace", TraceFolder.NewSmallTrace());

        CommandRun run = CommandRun.Of(["trace", "memory-analyzer", .. keys.Split(' '), folder.GetPath("trace")]);

        Assert.Equal(isRead ? 1 : 2, run.ExitCode);
        Assert.StartsWith(
            isRead
                ? "osprey: nothing to show: the trace has no memory_malloc"
                : "osprey: --group-by: 'allocatr' is neither a key (allocator, alignment, allocated, requested)",
            run.Messages,
            StringComparison.Ordinal
        );
    }

    private static CommandRun Run(string commandLine)
    {
        using var folder = new TraceFolder();
        folder.Write("trace", TraceFolder.NewSmallTrace());
        string[] words = commandLine.Split(' ');
        return CommandRun.Of(["trace", words[0], folder.GetPath("trace"), .. words[1..]]);
    }
}
