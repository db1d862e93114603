using Osprey.Tests.Builders.Traces;
using Osprey.Tests.Cli.Differential;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Cut;

public sealed class CutCommandTests
{
    private const string Symbols =
        "0x1000 a.cc 1 one()\n0x2000 b.cc <?> two()\n0x3000 None <?> three()\n0x4000 d.cc 4 four()\n";

    [Fact]
    public void Cut_ByTracepoint_HasOnlyWhatItNeeds()
    {
        using TraceFolder folder = new TraceFolder()
            .Write("tracefile", TraceFolder.NewSmallTrace())
            .Write("tracefile.symbols", Symbols);

        OspreyRun run = folder.Run("trace", "cut", "tracefile", "-o", "out", "-t", "vfs_open");

        SmallTrace expected = new SmallTrace().Tracepoint(TraceFolder.Open, "vfs_open", "50p", "%s");
        foreach (ulong time in (ulong[])[1_000_000, 2_000_000])
            expected.Sample(TraceFolder.Open, time, frames: [0x1001, 0x2001], payload: SmallTrace.Text("/etc/hosts"));

        Assert.Equal(expected.Build(), File.ReadAllBytes(folder.GetPath("out")));
        Assert.Equal("0x1000 a.cc 1 one()\n0x2000 b.cc <?> two()\n", File.ReadAllText(folder.GetPath("out.symbols")));
        Assert.Equal(
            "--- stderr\nosprey: out: kept 2 of 6 samples; 1 tracepoints, 275 bytes\nosprey: out.symbols: 2 "
                + "symbols\n--- exit code 0\n",
            run.Transcript
        );
        Assert.Equal(
            ["out", "out.symbols", "tracefile", "tracefile.symbols"],
            Directory
                .GetFiles(folder.Path, "*", new EnumerationOptions { AttributesToSkip = 0 })
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Cut_KeepingPairs_HasTheExitsOfWhatItKeeps()
    {
        using TraceFolder folder = new TraceFolder().Write("tracefile", TraceFolder.NewSmallTrace());

        OspreyRun without = folder.Run("trace", "cut", "tracefile", "-o", "out", "--until", "1ms", "--json");
        OspreyRun plain = folder.Run("trace", "cut", "tracefile", "-o", "out", "--until", "2050us", "--json");
        OspreyRun pairs = folder.Run(
            "trace",
            "cut",
            "tracefile",
            "-o",
            "out",
            "--until",
            "2050us",
            "--cpu",
            "0",
            "--keep-pairs",
            "--json"
        );

        Assert.Equal(
            """{"output":"out","samples":6,"kept":0,"keptForPairs":0,"tracepoints":0,"bytes":12,"symbols":null}"""
                + "\n",
            without.Text
        );
        Assert.Equal(
            """{"output":"out","samples":6,"kept":3,"keptForPairs":0,"tracepoints":2,"bytes":368,"symbols":null}"""
                + "\n",
            plain.Text
        );
        Assert.Equal(
            """{"output":"out","samples":6,"kept":4,"keptForPairs":2,"tracepoints":2,"bytes":432,"symbols":null}"""
                + "\n",
            pairs.Text
        );
    }

    [Fact]
    public void Cut_OfADamagedTrace_KeepsWhatCouldBeReadAndFails()
    {
        byte[] whole = TraceFolder.NewSmallTrace().Build();
        using TraceFolder folder = new TraceFolder().Write("tracefile", whole[..^30]);

        OspreyRun run = folder.Run("trace", "cut", "tracefile", "-o", "out");
        OspreyRun info = folder.Run("trace", "summary", "out");

        GoldenFile.Verify(run.Transcript + info.Transcript);
    }

    [Fact]
    public void Cut_OntoItsInput_Refuses()
    {
        byte[] whole = TraceFolder.NewSmallTrace().Build();
        using TraceFolder folder = new TraceFolder().Write("tracefile", whole).Write("tracefile.symbols", Symbols);
        File.CreateSymbolicLink(folder.GetPath("link"), "tracefile");

        string transcript =
            folder.Run("trace", "cut", "tracefile", "-o", "./tracefile").Transcript
            + folder.Run("trace", "cut", "tracefile", "-o", "link").Transcript
            + folder.Run("trace", "cut", "link", "-o", "tracefile").Transcript
            + folder.Run("trace", "cut", "tracefile", "-o", "tracefile.symbols").Transcript
            + folder.Run("trace", "cut", "tracefile", "-o", "/dev/null").Transcript
            + folder.Run("trace", "cut", "tracefile").Transcript;

        GoldenFile.Verify(transcript);
        Assert.Equal(whole, File.ReadAllBytes(folder.GetPath("tracefile")));
    }

    [Fact]
    public void Cut_ToStandardOutput_WritesTheTraceAlone()
    {
        using TraceFolder folder = new TraceFolder().Write("tracefile", TraceFolder.NewSmallTrace());

        OspreyRun run = folder.Run("trace", "cut", "tracefile", "-o", "-");

        Assert.Equal(TraceFolder.NewSmallTrace().Build(), run.Output);
        Assert.Equal("osprey: standard output: kept 6 of 6 samples; 4 tracepoints, 612 bytes\n", run.Errors);
    }

    [ReferenceFact]
    public void Cut_ReadByTheReference_HasTheSummaryOfThePart()
    {
        using TraceFolder folder = new TraceFolder().Write("tracefile", TraceFolder.NewSmallTrace(opens: 8));

        folder.Run("trace", "cut", "tracefile", "-o", "out", "--since", "3ms", "--until", "9500us");

        Assert.Equal(
            ReferenceProgram.Print(
                "summary",
                "--since",
                "3ms",
                "--until",
                "9500us",
                Path.Combine(folder.Path, "tracefile")
            ),
            ReferenceProgram.Print("summary", Path.Combine(folder.Path, "out"))
        );
    }
}
