using Osprey.Tests.Builders.Traces;

namespace Osprey.Tests.Cli.Trace;

/// <summary>Messages about traces whose names hold control characters or are long.</summary>
public sealed class DamagedNamesTests
{
    private const string Escape = "\x1b[2J";

    [Theory]
    [InlineData("list")]
    [InlineData("summary")]
    [InlineData("prof -x")]
    [InlineData("info")]
    [InlineData("list -t evi")]
    [InlineData("list-timed --compat")]
    public void Message_WithTextOfTheFile_IsEscapedAndShort(string commandLine)
    {
        string name = "evil" + Escape + new string('n', 60_000);
        SmallTrace trace = TraceFolder
            .NewTrace()
            .Tracepoint(0x3000, name, "z" + Escape + new string('s', 60_000), "%d")
            .Tracepoint(0x3080, name + "_ret");
        trace
            .Sample(0x3080, 1000)
            .Sample(TraceFolder.Wait, 2000)
            .Sample(TraceFolder.Wait, 3000)
            .Sample(0x3000, 4000)
            .Sample(TraceFolder.WaitReturn, 5000);
        using var folder = new TraceFolder();
        folder.Write("trace", trace);

        CommandRun run = CommandRun.Of(["trace", .. commandLine.Split(' '), "--", folder.GetPath("trace")]);

        Assert.Equal(1, run.ExitCode);
        Assert.NotEmpty(run.Messages);
        Assert.DoesNotContain('\x1b', run.Messages);
        Assert.All(run.Messages.Split('\n'), line => Assert.True(line.Length < 1000, $"{line.Length} characters"));
    }
}
