using Osprey.Tests.Packets;
using Osprey.Tests.Recordings;

namespace Osprey.Tests.Cli;

public sealed class DemoCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-demo-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Demo_OnTheSamples_ShowsWhatThereIs()
    {
        CommandRun run = CommandRun.Of("demo", "--samples", Checkout.Samples, "--output", _folder);
        Assert.Equal((0, ""), (run.ExitCode, run.Messages));
        GoldenFile.Verify(
            run.Text.Replace(Checkout.Root + "/", "", StringComparison.Ordinal)
                .Replace(_folder, "osprey-demo", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Demo_FlameGraph_IsWhatProfFlamePrints()
    {
        string fs = Checkout.Tracefile("fs");
        _ = CommandRun.Of("demo", "--samples", Checkout.Samples, "--output", _folder);
        Assert.Equal(
            CommandRun.Of("trace", "prof-flame", "-S", fs).Text,
            File.ReadAllText(Path.Combine(_folder, "flame.folded"))
        );
    }

    [Fact]
    public void Demo_WithoutRecordings_SaysWhatItExpects()
    {
        CommandRun run = CommandRun.Of("demo", "--samples", _folder, "--output", _folder);
        Assert.Equal(
            (1, $"osprey: {_folder}: expected the recordings fs, net and alloc there, each with a tracefile\n"),
            (run.ExitCode, run.Messages)
        );
    }
}
