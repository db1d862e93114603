using System.IO.Compression;
using System.Text;
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

    /// <summary>Text has no length that would show what is missing: only the packing can.</summary>
    [Theory]
    [InlineData("perf")]
    [InlineData("babeltrace")]
    [InlineData("chrome")]
    public void Summary_TextInADamagedPacking_SaysSo(string format)
    {
        using var folder = new TraceFolder();
        byte[] packed = Gzip(Encoding.UTF8.GetBytes(WriteText(format, lines: 400)));
        for (int size = packed.Length / 2; size < packed.Length; size += 101)
            AssertDamageIsSaid(packed[..size]);

        // The last bytes are a sum over the content, and its length.
        packed[^6] ^= 1;
        AssertDamageIsSaid(packed);

        void AssertDamageIsSaid(byte[] damaged)
        {
            folder.Write("damaged", damaged);
            CommandRun run = CommandRun.Of("trace", "summary", folder.GetPath("damaged"));
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("the gzip data are damaged or cut short here", run.Messages, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("perf", "the text ends within line 40")]
    [InlineData("babeltrace", "the text ends within line 40")]
    [InlineData("chrome", "the JSON ends within this event")]
    public void Summary_TextThatIsCutWithinAnEvent_SaysSo(string format, string message)
    {
        using var folder = new TraceFolder();
        string text = WriteText(format, lines: 40);
        int cut = text.LastIndexOf("wakeup", StringComparison.Ordinal) + 3;
        folder.Write("cut", Encoding.UTF8.GetBytes(text[..cut]));
        CommandRun run = CommandRun.Of("trace", "summary", folder.GetPath("cut"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{message}; the 39 samples before that were used", run.Messages, StringComparison.Ordinal);
    }

    private static string WriteText(string format, int lines)
    {
        IEnumerable<string> events = Enumerable
            .Range(0, lines)
            .Select(i =>
                format switch
                {
                    "perf" => $"task  42 [001] 100.{i:000000}: sched:sched_wakeup: comm=t{i} pid={i % 7} prio=120\n",
                    "babeltrace" =>
                        $"[10:00:00.{i:000000000}] (+0.000000001) host wakeup: {{ cpu_id = 1 }}, {{ pid = {i % 7} }}\n",
                    _ =>
                        $$$"""{"name":"wakeup","ph":"i","pid":1,"tid":{{{i % 7}}},"ts":{{{i}}},"args":{"n":{{{i}}}}},"""
                            + "\n",
                }
            );
        return (format == "chrome" ? "[" : "") + string.Concat(events);
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
