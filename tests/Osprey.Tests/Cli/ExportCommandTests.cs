using Osprey.Tests.Packets;
using Osprey.Tests.Traces.Exports;

namespace Osprey.Tests.Cli;

public sealed class ExportCommandTests
{
    private const int Whole = 0;
    private const int Failed = 1;
    private const int Usage = 2;

    [Theory]
    [InlineData(
        "",
        "osprey: --to is missing: expected one of folded, speedscope, pprof, firefox, svg, html, perfetto, chrome, "
            + "pcapng, csv, jsonl, parquet, duckdb, ctf, tracefile (see 'osprey trace export --help')\n"
    )]
    [InlineData(
        "--to csv --what wait",
        "osprey: --what says nothing to --to csv: it is for folded, speedscope, pprof and svg\n"
    )]
    [InlineData(
        "--to chrome -g cpu",
        "osprey: --group-by says nothing to --to chrome: it is for folded, speedscope, pprof and svg\n"
    )]
    [InlineData("--to csv --start-time 0", "osprey: --start-time says nothing to --to csv: it is for pcapng\n")]
    [InlineData(
        "--to folded --what timed",
        "osprey: --what timed needs -t NAME: the tracepoint whose time is wanted\n"
    )]
    [InlineData("--to folded --what wait -t a", "osprey: --what wait has tracepoints of its own: leave out -t\n")]
    [InlineData(
        "--to pcapng --start-time May",
        "osprey: --start-time: 'May' is not a time; expected ISO 8601 such as 2024-05-01T12:00:00Z, or seconds "
            + "since 1970\n"
    )]
    public void Export_OptionsThatDoNotGoTogether_AreAUsageError(string options, string message)
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        Assert.Equal((Usage, "", message), Run(trace.Path, options));
    }

    [Fact]
    public void Export_Help_NeedsNoForm() => Assert.Equal(Whole, CommandRun.Of("trace", "export", "--help").ExitCode);

    [Fact]
    public void Export_ToTheTraceItself_IsRefusedAndTheTraceStays()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string path = trace.Path;
        byte[] before = File.ReadAllBytes(path);
        Assert.Equal(
            (Failed, "", $"osprey: cannot write to {path}: it is an input\n"),
            Run(path, "--to tracefile -o " + path)
        );
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(2, Directory.GetFileSystemEntries(trace.Folder).Length);
    }

    [Fact]
    public void Export_ToAFile_ReplacesItAndWhereALinkLeads()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string target = Path.Combine(trace.Folder, "target"),
            link = Path.Combine(trace.Folder, "link");
        File.WriteAllText(target, "before");
        File.CreateSymbolicLink(link, target);
        Assert.Equal((Whole, "", ""), Run(trace.Path, "--to csv -S -o " + link));
        Assert.Equal(Run(trace.Path, "--to csv -S").Text, File.ReadAllText(target));
        Assert.Equal(target, new FileInfo(link).LinkTarget);
        Assert.Equal(4, Directory.GetFileSystemEntries(trace.Folder).Length);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ctf")]
    public void Export_NoSuchFolder_FailsWithoutOutput(string form)
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string path = Path.Combine(trace.Folder, "none", "out");
        Assert.Equal(
            (Failed, "", $"osprey: cannot write to {path}: there is no folder {Path.GetDirectoryName(path)}\n"),
            Run(trace.Path, $"--to {form} -x -o {path}")
        );
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    /// <summary>A shell's variable that is empty is no wish for all.</summary>
    [Theory]
    [InlineData("--since")]
    [InlineData("--until")]
    public void Export_EmptyTime_IsNoTime(string option)
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        CommandRun run = CommandRun.Of("trace", "export", "--to", "csv", "-x", option, "", trace.Path);
        Assert.Equal((2, ""), (run.ExitCode, run.Text));
        Assert.StartsWith($"osprey: {option}: '' is not a time", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_DamagedTrace_WritesWhatWasReadAndFails()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        string path = trace.Path;
        File.AppendAllBytes(path, [0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, .. new byte[100]]);
        (int code, string text, string messages) = Run(path, "--to csv -x");
        Assert.Equal(Failed, code);
        Assert.Equal(14, text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("the 13 samples before that were used", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_PacketsWithoutAPlaceInACapture_AreCounted()
    {
        using ExportTrace trace = new();
        trace.Add(
            1000,
            0,
            1,
            "net",
            "net_packet_in",
            "i*",
            "proto=%d, data=%s",
            ExportTrace.Packet(9, PacketBuilder.IPv4(17, [1, 2, 3, 4])),
            0x1001
        );
        trace.Add(2000, 0, 1, "net", "net_packet_out", "i*", "proto=%d, data=%s", ExportTrace.Packet(13, [1]), 0x1001);
        trace.Add(
            3000,
            0,
            1,
            "net",
            "net_packet_handling",
            "i*",
            "proto=%d, data=%s",
            ExportTrace.Packet(1, [1]),
            0x1001
        );
        string path = Path.Combine(trace.Folder, "out");
        Assert.Equal(
            (Whole, "", "osprey: note: 1 packets were left out: their protocol has no place in a capture file\n"),
            Run(trace.Path, "--to pcapng -x -o " + path)
        );
    }

    [Fact]
    public void Export_NothingToShow_SaysWhy()
    {
        using ExportTrace trace = ExportTrace.CreateMixed();
        Assert.Equal(
            (
                1,
                "",
                "osprey: nothing to show: the trace has no sched_idle and no sched_idle_ret (start the guest "
                    + "with --trace=sched_idle,sched_idle_ret)\n"
            ),
            Run(trace.Path, "--to folded -x --what idle")
        );
    }

    [Fact]
    public void Export_EndsThatWereNeverRecorded_AreMoments()
    {
        using ExportTrace trace = new();
        trace.Tracepoint("f_ret", "", "");
        for (int i = 0; i < 200; i++)
            trace.Add((ulong)i + 1, 0, 1, "busy", "f", "", "", []);

        (int code, string text, string messages) = Run(trace.Path, "--to chrome -x");
        Assert.Equal(
            (Whole, "osprey: note: 200 begins of timed tracepoints are shown as moments: their end was not recorded\n"),
            (code, messages)
        );
        Assert.Equal(200, text.Split("\"ph\":\"i\"").Length - 1);
    }

    [Fact]
    public void Export_SlicesThatCross_GetRowsOfTheirOwn()
    {
        using ExportTrace trace = new();
        trace.Add(10, 0, 1, "t", "a", "", "", []).Add(20, 0, 1, "t", "b", "", "", []);
        trace.Add(30, 0, 1, "t", "a_ret", "", "", []).Add(40, 0, 1, "t", "b_ret", "", "", []);
        Assert.Equal(
            (
                Whole,
                """{"displayTimeUnit":"ns","traceEvents":["""
                    + """{"name":"a","ph":"X","pid":1,"tid":1,"ts":0.010,"dur":0.020,"args":{"cpu":0}},"""
                    + """{"name":"b","ph":"X","pid":1,"tid":2,"ts":0.020,"dur":0.020,"args":{"cpu":0}},"""
                    + """{"name":"process_name","ph":"M","pid":1,"tid":0,"args":{"name":"guest threads"}},"""
                    + """{"name":"thread_name","ph":"M","pid":1,"tid":1,"args":{"name":"t 0x1"}},"""
                    + """{"name":"thread_name","ph":"M","pid":1,"tid":2,"args":{"name":"t 0x1 (overlapping 2)"}}]}""",
                ""
            ),
            Run(trace.Path, "--to chrome -x")
        );
    }

    private static (int ExitCode, string Text, string Messages) Run(string path, string options)
    {
        CommandRun run = CommandRun.Of([
            "trace",
            "export",
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            path,
        ]);
        return (run.ExitCode, run.Text, run.Messages);
    }
}
