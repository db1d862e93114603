using Osprey.Tests.Packets;
using Osprey.Tests.Traces.Exports;

namespace Osprey.Tests.Cli;

/// <summary>The whole of what each export writes of a small trace.</summary>
public sealed class ExportGoldenTests
{
    [Fact]
    public void Folded_Hits() => GoldenFile.Verify(Export("--to folded -S"));

    [Fact]
    public void Folded_WaitsByThread() => GoldenFile.Verify(Export("--to folded -S --what wait -g thread"));

    [Fact]
    public void Speedscope_TimedByThread() =>
        GoldenFile.Verify(Export("--to speedscope -S --what timed -t vfs_* -g thread"));

    [Fact]
    public void Speedscope_HitsByCpuUnresolved() => GoldenFile.Verify(Export("--to speedscope -x -g cpu"));

    [Fact]
    public void Chrome_AllSamples() =>
        GoldenFile.Verify(
            Export("--to chrome -S").Replace("},{\"name\"", "},\n{\"name\"", StringComparison.Ordinal) + "\n"
        );

    [Fact]
    public void Chrome_OneThreadAndATime() =>
        GoldenFile.Verify(
            Export("--to chrome -x --thread worker --since 1600ns --until 3100ns")
                .Replace("},{\"name\"", "},\n{\"name\"", StringComparison.Ordinal) + "\n"
        );

    [Fact]
    public void Csv_AllSamples() =>
        GoldenFile.Verify(Export("--to csv -S").Replace("\r\n", "\n", StringComparison.Ordinal));

    [Fact]
    public void Jsonl_AllSamples_AreTheListing()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string path = trace.Path;
        Assert.Equal(
            CommandRun.Trace("list --json -bS", path),
            CommandRun.Of("trace", "export", "--to", "jsonl", "-S", path).Text
        );
    }

    /// <summary>What is written, and behind it what is told.</summary>
    private static string Export(string arguments)
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        CommandRun run = CommandRun.Of(["trace", "export", .. arguments.Split(' '), trace.Path]);
        Assert.Equal(0, run.ExitCode);
        return run.Text + run.Messages;
    }
}
