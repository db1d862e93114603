using System.IO.Compression;
using Osprey.Tests.Packets;
using Osprey.Tests.Recordings;

namespace Osprey.Tests.Cli.Trace;

/// <summary>Traces that are compressed.</summary>
public sealed class CompressedTraceTests
{
    [Fact]
    public void Summary_GzippedTraces_AreThoseThatWereCompressed()
    {
        using var folder = new TraceFolder();
        byte[] trace = File.ReadAllBytes(Checkout.Tracefile("fs"));
        folder.Write("trace", trace).Write("trace.gz", [.. Gzip(trace[..5000]), .. Gzip(trace[5000..])]);

        CommandRun expected = CommandRun.Of("trace", "summary", folder.GetPath("trace"));
        CommandRun run = CommandRun.Of("trace", "summary", folder.GetPath("trace.gz"));
        CommandRun dump = CommandRun.Of("trace", "summary", Checkout.PackedDump("fs"));

        Assert.Equal(expected, run with { Output = expected.Output });
        Assert.Equal(expected.Text, run.Text);
        Assert.Equal((0, ""), (dump.ExitCode, dump.Messages));
    }

    [RequiresProgramFact("zstd")]
    public void Summary_ZstdTrace_IsTheOneThatWasCompressed()
    {
        using var folder = new TraceFolder();
        string trace = Checkout.Tracefile("fs");
        RunZstd(trace, folder.GetPath("trace.zst"));

        CommandRun expected = CommandRun.Of("trace", "summary", trace);
        CommandRun run = CommandRun.Of("trace", "summary", folder.GetPath("trace.zst"));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(expected.Text, run.Text);
    }

    [Fact]
    public void List_GzipCutAnywhere_GivesTheSamplesBeforeAndOneError()
    {
        byte[] packed = Gzip(TraceFolder.NewSmallTrace(opens: 40).Build());
        AssertCutsAreSaid(packed, "gzip");
    }

    [RequiresProgramFact("zstd")]
    public void List_ZstdCutAnywhere_GivesTheSamplesBeforeAndOneError()
    {
        using var folder = new TraceFolder();
        folder.Write("trace", TraceFolder.NewSmallTrace(opens: 40));
        RunZstd(folder.GetPath("trace"), folder.GetPath("trace.zst"));
        AssertCutsAreSaid(File.ReadAllBytes(folder.GetPath("trace.zst")), "zstd");
    }

    [Fact]
    public void List_DamagedGzip_IsSaidOnce()
    {
        using var folder = new TraceFolder();
        byte[] packed = Gzip(File.ReadAllBytes(Checkout.Tracefile("fs")));
        for (int i = packed.Length / 2; i < (packed.Length / 2) + 64; i++)
            packed[i] ^= 0x5a;

        folder.Write("trace.gz", packed);
        CommandRun run = CommandRun.Of("trace", "list", "-x", folder.GetPath("trace.gz"));

        Assert.Equal(1, run.ExitCode);
        Assert.NotEmpty(run.Output);
        Assert.Single(run.Messages.TrimEnd().Split('\n'));
    }

    private static void AssertCutsAreSaid(byte[] packed, string method)
    {
        using var folder = new TraceFolder();
        for (int size = 5; size < packed.Length; size += 7)
        {
            folder.Write("cut", packed[..size]);
            CommandRun run = CommandRun.Of("trace", "summary", folder.GetPath("cut"));

            Assert.Equal(1, run.ExitCode);
            Assert.Contains($"the {method} data are damaged or cut short here", run.Messages, StringComparison.Ordinal);
        }
    }

    private static void RunZstd(string from, string to) => OtherProgram.Run("zstd", [], "-q", "-f", from, "-o", to);

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);

        return packed.ToArray();
    }
}
