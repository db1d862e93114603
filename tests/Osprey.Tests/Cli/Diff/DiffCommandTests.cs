using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Diff;

public sealed class DiffCommandTests
{
    [Fact]
    public void Diff_OfTwoTraces_ShowsTheBiggestChangeFirst()
    {
        using TraceFolder folder = NewFolder();

        GoldenFile.Verify(folder.Run("trace", "diff", "a", "b").Transcript);
    }

    [Fact]
    public void Diff_WithProfile_ComparesStacks()
    {
        using TraceFolder folder = NewFolder();

        GoldenFile.Verify(
            folder.Run("trace", "diff", "a", "b", "-x", "--profile", "timed:vfs_open", "--absolute").Transcript
                + folder.Run("trace", "diff", "a", "b", "-x", "-r", "--profile", "hits", "--limit", "1").Transcript
        );
    }

    [Fact]
    public void Diff_AsJson_IsOneObject()
    {
        using TraceFolder folder = NewFolder();

        GoldenFile.Verify(
            folder
                .Run("trace", "diff", "a", "b", "-x", "--json", "--absolute", "--profile", "wait", "--fail-over", "20%")
                .Transcript
        );
    }

    [Fact]
    public void Diff_OfATraceWithItself_IsTheSame()
    {
        using TraceFolder folder = NewFolder();

        OspreyRun run = folder.Run(
            "trace",
            "diff",
            "a",
            "a",
            "--fail-over",
            "0%",
            "--relative",
            "--since",
            "0",
            "--period",
            "5ms"
        );

        GoldenFile.Verify(run.Transcript);
    }

    [Fact]
    public void Diff_FailOver_FailsOnlyWhenSomethingGrewByMore()
    {
        using TraceFolder folder = NewFolder();

        GoldenFile.Verify(
            folder.Run("trace", "diff", "a", "b", "--limit", "1", "--fail-over", "20%").Transcript
                + folder.Run("trace", "diff", "a", "b", "--limit", "1", "--fail-over", "400%").Transcript
        );
    }

    [Fact]
    public void Diff_MisusedOrDamaged_SaysSo()
    {
        byte[] whole = TraceFolder.NewSmallTrace().Build();
        using TraceFolder folder = NewFolder().Write("cut", whole[..^30]);

        GoldenFile.Verify(
            folder.Run("trace", "diff", "a").Transcript
                + folder.Run("trace", "diff", "-", "-").Transcript
                + folder.Run("trace", "diff", "a", "b", "--profile", "what").Transcript
                + folder.Run("trace", "diff", "a", "b", "--fail-over", "20").Transcript
                + folder.Run("trace", "diff", "a", "cut").Transcript
        );
    }

    private static TraceFolder NewFolder() =>
        new TraceFolder()
            .Write("a", TraceFolder.NewSmallTrace())
            .Write("b", TraceFolder.NewSmallTrace(opens: 4, length: 300_000));
}
