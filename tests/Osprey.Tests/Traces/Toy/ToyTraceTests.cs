using System.Text;
using Osprey.Binary;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Analyses.Scheduling;
using Osprey.Traces.Analyses.Summaries;
using Osprey.Traces.Exports;
using Osprey.Traces.Formats;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Tests.Traces.Toy;

/// <summary>
/// A source of traces that Osprey does not know: with a format, a reader and a semantics all analyses work.
/// </summary>
public sealed class ToyTraceTests : IDisposable
{
    private const string Trace = """
        TOY
        point io.begin qp read %d of "%s"
        point io.end i got %d
        point io.fail i errno %d
        point sleep.begin - -
        point sleep.end - -
        point halt.begin - -
        point halt.end - -
        point queue iI %d %u
        point lone.begin - -
        90 1 8 a-name-of-over-16-bytes queue 9,3 -
        100 0 7 worker io.begin 512,disk 11,41,51,61
        150 0 7 worker sleep.begin - 11,21,31,41,51,61
        160 0 1 idle halt.begin - -
        180 1 8 other io.begin 4,net 41
        190 1 8 other io.fail 5 -
        250 0 9 next halt.end - -
        260 1 7 worker sleep.end - -
        300 1 7 worker io.end 512 -
        310 - 0 - lone.begin - -

        """;

    private static readonly TraceFormats s_formats = TraceFormats.Standard.With(new ToyFormat());
    private readonly string _path = System.IO.Path.GetTempFileName();

    public ToyTraceTests() => File.WriteAllText(_path, Trace);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Summary_Timed_FollowsTheSourcesConvention()
    {
        using TraceSession trace = Open();
        var summary = new SummaryAnalysis(trace.CreateScope(TimeRange.All, SampleFilter.None), timed: true);
        trace.Run([summary]);

        Assert.Equal((10, 90ul, 310ul), (summary.Count, summary.First, summary.Last));
        Assert.Equal(
            "io.begin 2, halt.begin 1, sleep.begin 1",
            string.Join(
                ", ",
                summary.Durations.OrderByDescending(item => item.Count).Select(item => $"{item.Name} {item.Count}")
            )
        );
        Assert.Equal(
            [("halt.begin", 90.0), ("io.begin", 210.0), ("sleep.begin", 110.0)],
            summary.Durations.Select(item => (item.Name, item.Total)).Order()
        );
        Assert.Empty(trace.Reader.Stats.EnumerateLosses());
    }

    [Fact]
    public void Profile_OfWaits_GoesByRoleAndCutsTheSourcesMachinery()
    {
        using TraceSession trace = Open();
        AnalysisScope scope = trace.CreateScope(TimeRange.All, SampleFilter.None);
        var waits = new DurationProfile(
            scope,
            ProfileGrouping.Thread,
            tracepoint => scope.Semantics.RoleOf(tracepoint) == TracepointRole.Wait
        );
        var idle = new IdleProfile(scope, ProfileGrouping.None);
        trace.Run([waits, idle]);
        var symbols = new StackSymbols(new ToySymbols(), new FrameTextOptions(), scope.Semantics);
        var builder = new ProfileTreeBuilder(symbols, new ProfileTreeOptions());

        ProfileTree tree = Assert.Single(builder.Build(waits.Profile));
        Assert.Equal(
            (7ul, "worker", 110L, "All > wait > work"),
            (tree.Group, tree.ThreadName, tree.Root.Duration.Nanoseconds, Path(tree.Root))
        );
        Assert.Equal(90, Assert.Single(builder.Build(idle.Profile)).Root.Duration.Nanoseconds);
    }

    [Fact]
    public void TimedSamples_Listed_HaveTheirArgumentsAndEnds()
    {
        using TraceSession trace = Open();
        var lines = new List<string>();
        var timed = new TimedSampleAnalysis(
            trace.CreateScope(TimeRange.All, SampleFilter.None),
            withBacktraces: true,
            withExits: true,
            row => lines.Add($"{row.Time}+{row.Nanoseconds} {Describe(row.Entry)} -> {Describe(row.Exit)}")
        );
        trace.Run([timed]);

        Assert.Equal(
            [
                "180+10 io.begin/8 41 -> io.fail/8 ",
                "160+90 halt.begin/1  -> halt.end/9 ",
                "150+110 sleep.begin/7 11 21 31 41 51 61 -> sleep.end/7 ",
                "100+200 io.begin/7 11 41 51 61 -> io.end/7 ",
            ],
            lines
        );

        string Describe(KeptSample kept) =>
            $"{trace.Reader.Tracepoints[kept.Sample.Tracepoint].Name}/{kept.Sample.Thread} "
            + string.Join(' ', kept.Sample.Backtrace.ToArray());
    }

    [Fact]
    public void Samples_AsATable_AreWhatTheTextSays()
    {
        using TraceSession trace = Open();
        AnalysisScope scope = trace.CreateScope(TimeRange.All, SampleFilter.None);
        using var output = new MemoryStream();
        var symbols = new StackSymbols(new ToySymbols(), new FrameTextOptions(), scope.Semantics);
        trace.Run([new CsvExport(scope, symbols, output)]);

        Assert.Equal(
            """"
            time,cpu,thread,name,tracepoint,arguments,stack
            0.000000090,1,0x8,a-name-of-over-1,queue,9 3,
            0.000000100,0,0x7,worker,io.begin,"read 512 of ""disk""",work;entry;boot
            0.000000150,0,0x7,worker,sleep.begin,-,glue;wait;work;entry;boot
            0.000000160,0,0x1,idle,halt.begin,-,
            0.000000180,1,0x8,other,io.begin,"read 4 of ""net""",work
            0.000000190,1,0x8,other,io.fail,errno 5,
            0.000000250,0,0x9,next,halt.end,-,
            0.000000260,1,0x7,worker,sleep.end,-,
            0.000000300,1,0x7,worker,io.end,got 512,
            0.000000310,,0x0,-,lone.begin,-,

            """",
            Encoding.UTF8.GetString(output.ToArray()).ReplaceLineEndings("\n")
        );
    }

    [Fact]
    public void RunQueue_IsTheArgumentThatTheSemanticsNames()
    {
        using TraceSession trace = Open();
        var loads = new List<string>();
        AnalysisScope scope = trace.CreateScope(TimeRange.All, SampleFilter.None);
        var load = new CpuLoadAnalysis(scope, 0, row => loads.Add($"{row.Time}: {string.Join('/', row.Loads)}"));
        var wakeups = new WakeupLatencyAnalysis(scope, (in TraceEvent _, long _, long _) => { });
        trace.Run([load, wakeups]);

        Assert.Equal(["90: /3"], loads);
        Assert.Equal(["wake"], wakeups.MissingTracepoints);
    }

    [Fact]
    public void Inventory_OfASourceWithoutRings_HasNone()
    {
        using TraceSession trace = Open();
        TraceInfo info = TraceInfo.Gather(trace, new SymbolSettings());

        Assert.Empty(info.Rings);
        Assert.Equal(("toy trace", 10L, 4), (info.Format, info.Inventory.Samples, info.Inventory.ThreadCount));
    }

    [Fact]
    public void WrittenAsATracefile_HasTheSameSamples()
    {
        using TraceSession trace = Open();
        using var output = new MemoryStream();
        using var spool = new MemoryStream();
        trace.Run([new TracefileExport(trace.CreateScope(TimeRange.All, SampleFilter.None), output, spool)]);

        Formats.ReadTrace read = Formats.ReadTrace.From(output.ToArray());

        Assert.Equal(10, read.Lines.Count);
        Assert.Equal("150 0 7 worker sleep.begin [b 15 1f 29 33 3d] ", read.Lines[2]);
        Assert.Equal("90 1 8 a-name-of-over-1 queue [] 0900000003000000", read.Lines[0]);
    }

    [Fact]
    public void Formats_OthersAreStillFound_AndRefusalsNameTheNewOne()
    {
        using TraceReader reader = s_formats.Open(
            TraceInput.FromStream("pipe", new MemoryStream(Formats.SmallTraces.Tracefile()))
        );
        Assert.Equal("tracefile version 3", reader.FormatName);

        Assert.Equal("x+0x0: a toy trace of another system", Refusal("TOY\r\n"));
        Assert.Equal(
            "x+0x0: expected a toy trace (TOY) or a tracefile (version 1 to 3) or an OSVT dump (TVSO)",
            Refusal("anything")
        );

        static string Refusal(string content) =>
            Assert
                .Throws<BadDataException>(() =>
                    s_formats.Open(TraceInput.FromStream("x", new MemoryStream(Encoding.ASCII.GetBytes(content))))
                )
                .Message;
    }

    [Fact]
    public void Damage_IsToldAsThatOfAnyFormat()
    {
        File.AppendAllText(_path, "a line\n");
        using TraceSession trace = Open();
        trace.Run([]);

        Assert.EndsWith("a line of 2 words", trace.Reader.Stats.Damage?.Message, StringComparison.Ordinal);
        Assert.Equal(10, trace.Reader.Stats.Samples);
    }

    private static string Path(ProfileNode node)
    {
        string text = string.Join(" > ", [node.Text, .. node.Tail]);
        return node.Children is [var only] ? $"{text} > {Path(only)}" : text;
    }

    private TraceSession Open() => TraceSession.Open(_path, formats: s_formats);
}
