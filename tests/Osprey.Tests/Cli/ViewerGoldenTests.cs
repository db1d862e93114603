using System.IO.Compression;
using System.Text.RegularExpressions;
using Osprey.Tests.Packets;
using Osprey.Tests.Traces.Exports;

namespace Osprey.Tests.Cli;

/// <summary>The whole of what exports for viewers write of a small trace.</summary>
public sealed partial class ViewerGoldenTests
{
    private static readonly string[] s_perfetto = ["1", "1.60", "1.60.3", "1.60.8", "1.11", "1.11.4", "1.12"];

    [Fact]
    public void Pprof_WaitsByThread() =>
        GoldenFile.Verify(Unpack(Export("--to pprof -S --what wait -g thread"), ["1", "2", "2.3", "4", "4.4", "5"]));

    [Fact]
    public void Pprof_HitsUnresolved() =>
        GoldenFile.Verify(Unpack(Export("--to pprof -x"), ["1", "2", "2.3", "4", "4.4", "5"]));

    [Fact]
    public void Svg_HitsByThread() =>
        GoldenFile.Verify(Script().Replace(Text(Export("--to svg -S -g thread")), "<script>...</script>"));

    [Fact]
    public void Firefox_AllSamples() =>
        GoldenFile.Verify(Text(Export("--to firefox -S")).Replace("],\"", "],\n\"", StringComparison.Ordinal) + "\n");

    [Fact]
    public void Perfetto_AllSamples() =>
        GoldenFile.Verify(ProtobufText.Of(Export("--to perfetto -S"), [.. s_perfetto, "1.12.2", "1.12.3", "1.12.29"]));

    [Fact]
    public void Html_Data() => GoldenFile.Verify(Data().Match(Text(Export("--to html -S"))).Groups[1].Value + "\n");

    [Fact]
    public void Ctf_Metadata()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string folder = Path.Combine(trace.Folder, "ctf");
        CommandRun run = CommandRun.Of("trace", "export", "--to", "ctf", "-o", folder, trace.Path);
        Assert.Equal((0, "", ""), (run.ExitCode, run.Text, run.Messages));
        GoldenFile.Verify(File.ReadAllText(Path.Combine(folder, "metadata")));
    }

    [Fact]
    public void Html_NamesThatAreMarkup_EndNoScript()
    {
        using ExportTrace trace = new();
        trace.Symbol(0x1000, "a.cc", 1, "</script><script>alert(1)</script>");
        trace.Add(1, 0, 2, "</script>", "a", "", "", [], 0x1001);
        foreach (string form in (string[])["html", "svg"])
        {
            string text = CommandRun.Of("trace", "export", "--to", form, "-S", trace.Path).Text;
            Assert.DoesNotContain("</script><script>", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--to ctf", "osprey: --to ctf writes a folder: give -o FOLDER\n")]
    [InlineData("--to csv --table calls", "osprey: --table says nothing to --to csv: it is for parquet\n")]
    [InlineData(
        "--to perfetto -g cpu",
        "osprey: --group-by says nothing to --to perfetto: it is for folded, speedscope, pprof and svg\n"
    )]
    public void Export_OptionsThatDoNotGoTogether_AreAUsageError(string options, string message)
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        CommandRun run = CommandRun.Of(["trace", "export", .. options.Split(' '), trace.Path]);
        Assert.Equal((2, "", message), (run.ExitCode, run.Text, run.Messages));
    }

    [Fact]
    public void Ctf_OverAFolderWithFiles_IsRefused()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string path = trace.Path;
        CommandRun run = CommandRun.Of("trace", "export", "--to", "ctf", "-o", trace.Folder, path);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"osprey: cannot write to {trace.Folder}: --to ctf makes a folder, and this is not a new or empty one\n",
            run.Messages
        );
    }

    private static string Text(byte[] output) => System.Text.Encoding.UTF8.GetString(output);

    private static string Unpack(byte[] output, string[] messages)
    {
        using var packed = new GZipStream(new MemoryStream(output), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        packed.CopyTo(whole);
        return ProtobufText.Of(whole.ToArray(), messages, "2.1", "2.2");
    }

    private static byte[] Export(string arguments)
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        CommandRun run = CommandRun.Of(["trace", "export", .. arguments.Split(' '), trace.Path]);
        Assert.Equal(0, run.ExitCode);
        return run.Output;
    }

    [GeneratedRegex("<script>.*</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("const data = (.*);\n")]
    private static partial Regex Data();
}
