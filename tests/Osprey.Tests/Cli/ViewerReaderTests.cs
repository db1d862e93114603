using System.Text.RegularExpressions;
using Osprey.Tests.Packets;
using Osprey.Tests.Recordings;

namespace Osprey.Tests.Cli;

/// <summary>Exports of a real guest's recording for viewers, opened by readers that are not ours.</summary>
public sealed partial class ViewerReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-viewers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RequiresProgramFact("go")]
    public void Pprof_WaitsOfARecording_AddUpInPprofAsInOurProfile()
    {
        string text = Pprof("-top", Export("pprof", "fs", "--what", "wait", "-g", "thread"));
        string ours = CommandRun.Of("trace", "prof-wait", "-S", Checkout.Tracefile("fs")).Text;

        Match total = Total().Match(text);
        Assert.Equal(Seconds().Match(ours).Groups[1].Value, total.Groups[1].Value);
        Assert.Contains("sched::thread::sleep_impl", text, StringComparison.Ordinal);
    }

    [RequiresProgramFact("go")]
    public void Pprof_Tags_AreThreadsAndTracepoints()
    {
        string text = Pprof("-tags", Export("pprof", "net", "-g", "thread"));
        Assert.Contains(" thread: Total 2069", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Matches(@"\n\s+1110 \(\S+%\): net_packet_\S+\n|net_packet_in", text);
    }

    [RequiresProgramFact("protoc")]
    public void Perfetto_Recording_FitsThePublishedSchema()
    {
        string schema = GoldenFile.GetPath("perfetto.proto");
        string text = OtherProgram.Run(
            "protoc",
            File.ReadAllBytes(Export("perfetto", "net")),
            "--decode=Trace",
            "-I",
            Path.GetDirectoryName(schema)!,
            schema
        );

        // What the schema does not know would stand there by its number.
        Assert.DoesNotMatch(@"(?m)^\s*[0-9]+[:\s]", text);
        // All samples, and the packets in rows of their own: 1,110, and a message of a routing socket.
        Assert.Equal(2069 + 1111, Count(text, "type: TYPE_INSTANT"));
        Assert.Equal(1111, Count(text, "type: TYPE_COUNTER"));
    }

    [RequiresProgramFact("protoc")]
    public void Perfetto_Slices_EndAsOftenAsTheyBegin()
    {
        string schema = GoldenFile.GetPath("perfetto.proto");
        byte[] trace = File.ReadAllBytes(Export("perfetto", "fs"));
        string folder = Path.GetDirectoryName(schema)!;
        string text = OtherProgram.Run("protoc", trace, "--decode=Trace", "-I", folder, schema);
        long calls = CommandRun
            .Of("trace", "list-timed", "--no-header", Checkout.Tracefile("fs"))
            .Output.Count(value => value == '\n');
        Assert.Equal(calls, Count(text, "TYPE_SLICE_BEGIN"));
        Assert.Equal(calls, Count(text, "TYPE_SLICE_END"));
    }

    [RequiresProgramFact("babeltrace2")]
    public void Ctf_Recording_HasAllSamplesInBabeltrace()
    {
        string folder = Path.Combine(_folder, "ctf");
        CommandRun run = CommandRun.Of("trace", "export", "--to", "ctf", "-o", folder, Checkout.Tracefile("fs"));
        Assert.Equal((0, ""), (run.ExitCode, run.Messages));

        string text = OtherProgram.Run("babeltrace2", [], "--clock-seconds", folder);
        Assert.Equal(6136, text.Count(value => value == '\n'));
        string path = Path.Combine(_folder, "text");
        File.WriteAllText(path, text);
        Assert.Equal(Summary(Checkout.Tracefile("fs")), Summary(path));
    }

    [RequiresProgramFact("python3")]
    public void Svg_Recording_IsXmlWhoseBoxesAddUp()
    {
        const string Script = """
            import sys, xml.etree.ElementTree as tree
            svg = '{http://www.w3.org/2000/svg}'
            root = tree.parse(sys.argv[1]).getroot()
            groups = [g for g in root.iter(svg + 'g') if g.get('data-t')]
            boxes = [(int(g.get('data-d')), int(g.get('data-s')), int(g.get('data-t'))) for g in groups]
            row = [total for depth, start, total in boxes if depth == 1]
            assert boxes[0][0] == 0 and sum(row) == boxes[0][2], boxes[0]
            print(boxes[0][2])
            """;
        Assert.Equal("2069\n", OtherProgram.Run("python3", [], "-c", Script, Export("svg", "net")));
    }

    [RequiresFirefoxProfilerFact]
    public void Firefox_Recording_IsWhatTheProfilerReads() =>
        Assert.Equal(
            "2069 2069\n",
            OtherProgram.Run(
                "node",
                [],
                GoldenFile.GetPath("firefox-import.mjs"),
                Environment.GetEnvironmentVariable(RequiresFirefoxProfilerFactAttribute.Variable)!,
                Export("firefox", "net")
            )
        );

    private static string Summary(string path) =>
        Counts().Match(CommandRun.Of("trace", "summary", path).Text).Groups[1].Value;

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Pprof(params string[] arguments) =>
        OtherProgram.Run("go", [], ["tool", "pprof", .. arguments]);

    private string Export(string form, string recording, params string[] more)
    {
        string path = Path.Combine(_folder, form);
        CommandRun run = CommandRun.Of([
            "trace",
            "export",
            "--to",
            form,
            "-S",
            "-o",
            path,
            .. more,
            Checkout.Tracefile(recording),
        ]);
        Assert.Equal((0, ""), (run.ExitCode, run.Text));
        return path;
    }

    [GeneratedRegex(@"Total samples = ([0-9.]+)s")]
    private static partial Regex Total();

    [GeneratedRegex(@"^([0-9.]+) s \(100")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"Tracepoint statistics:(.*)$", RegexOptions.Singleline)]
    private static partial Regex Counts();
}
