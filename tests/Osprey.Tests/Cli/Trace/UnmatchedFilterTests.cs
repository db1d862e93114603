using Osprey.Tests.Builders.Traces;

namespace Osprey.Tests.Cli.Trace;

/// <summary>Tracepoints, threads and CPUs that the trace does not have, and times at the end of what fits.</summary>
public sealed class UnmatchedFilterTests
{
    [Theory]
    [InlineData("summary -t vfs_opn", "the trace has no tracepoint 'vfs_opn'; did you mean vfs_open?")]
    [InlineData("list -t vfs_", "the trace has no tracepoint 'vfs_'; did you mean 'vfs_*'?")]
    [InlineData(
        "summary -t vfs_open -t zzz",
        "the trace has no tracepoint 'zzz' (osprey trace info shows what it has)"
    )]
    [InlineData("list --thread worke", "the trace has no thread 'worke'; did you mean 'worke*'?")]
    [InlineData("list --cpu 0,7", "the trace has no CPU 7; it has 0, 1")]
    public void Filter_NothingOfTheName_GetsAHintAndExitCode1(string commandLine, string message)
    {
        CommandRun run = Run(commandLine);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("osprey: " + message + "\n", run.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("summary -t vfs_*")]
    [InlineData("list --thread worker --cpu 1")]
    [InlineData("list --compat -t vfs_")]
    [InlineData("list --compat --thread zzz")]
    public void Filter_SomethingOfTheName_Succeeds(string commandLine) => Assert.Equal(0, Run(commandLine).ExitCode);

    [Theory]
    [InlineData("list --thread worker --cpu 0")] // is there, on another CPU
    [InlineData("list --thread worker -t vfs_open")]
    public void Filter_AllThereButNotTogether_SaysOnlyThatNothingPasses(string commandLine)
    {
        CommandRun run = Run(commandLine);

        Assert.Equal(
            (1, "osprey: nothing to show: no sample passes the time range and the filters\n"),
            (run.ExitCode, run.Messages)
        );
    }

    [Theory]
    [InlineData("prof-wait -x")]
    [InlineData("export --to speedscope --what wait -x")]
    [InlineData("export --to folded --what wait -x")]
    [InlineData("summary --timed")]
    public void Durations_ThatAddUpToMoreThan63Bits_AreNoOverflow(string commandLine)
    {
        SmallTrace trace = TraceFolder.NewTrace();
        foreach ((ulong from, ulong to) in ((ulong, ulong)[])[(1, 1UL << 62), ((1UL << 62) + 1, ulong.MaxValue)])
            trace.Sample(TraceFolder.Wait, from, frames: [0x3001]).Sample(TraceFolder.WaitReturn, to, frames: [0x3001]);

        CommandRun run = Run(commandLine, trace);

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("-", commandLine.StartsWith("prof", StringComparison.Ordinal) ? run.Text[..20] : "");
    }

    private static CommandRun Run(string commandLine, SmallTrace? trace = null)
    {
        using var folder = new TraceFolder();
        folder.Write("trace", trace ?? TraceFolder.NewSmallTrace());
        return CommandRun.Of(["trace", .. commandLine.Split(' '), "--", folder.GetPath("trace")]);
    }
}
