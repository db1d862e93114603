using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Tests.Builders.Traces;
using Osprey.Tests.Traces.Formats;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Formats;
using Osprey.Traces.Model;

namespace Osprey.Tests.Traces.Analyses.Pairs;

/// <summary>
/// Streams are written as <c>name@time/cpu:thread</c>, results as <c>name@time+duration</c>, with a <c>?</c> when open.
/// </summary>
public sealed partial class PairMatcherTests
{
    private const string Nested = "nested";

    [Theory]
    // The first entry is known to the reference only after the first exit.
    [InlineData("f@5 f_ret@10 f@20 f_ret@40", "f@20+20", "f@5+5 f@20+20")]
    [InlineData("f@5 f_err@10 f@20 f_ret@40", "f@20+20", "f@5+5 f@20+20")]
    // An entry within an entry.
    [InlineData("f_ret@10 f@20 f@30 f_ret@40", Nested, "f@30+10 f@20+20?")]
    [InlineData("f_ret@1 f@2 f@3 f@4 f_ret@5 f_err@7 f_ret@11", Nested, "f@4+1 f@3+4 f@2+9")]
    [InlineData("f_ret@1 f@2:1 f@3:2 f_ret@4:1 f_ret@5:2", "f@2+2 f@3+2", "f@2+2 f@3+2")]
    // The exit's CPU began to record after the entry.
    [InlineData("f_ret@10 f@20 g@30/1:2 f_ret@40/1", "", "")]
    [InlineData("f_ret@10 g@15/1:2 f@20 f_ret@40/1", "f@20+20", "f@20+20")]
    [InlineData("f_ret@10 f@20 g@30/1:2 f@35/1 f_ret@40/1", "f@35+5", "f@35+5")]
    // The wait for a mutex has names of its own.
    [InlineData(
        "mutex_lock_wait@10 mutex_lock_wake@30 mutex_lock_wait@50 z@60",
        "mutex_lock_wait@10+20 mutex_lock_wait@50+10?",
        "mutex_lock_wait@10+20 mutex_lock_wait@50+10?"
    )]
    // Idle pairs belong to CPUs, whichever thread ends them.
    [InlineData(
        "sched_idle_ret@5:2 sched_idle@10:1 sched_idle_ret@30:2 sched_idle@40/1",
        "sched_idle@10+20 sched_idle@40+0?",
        "sched_idle@10+20 sched_idle@40+0?"
    )]
    // What only looks like an exit.
    [InlineData("c_retry@1 c@5 c_retry@8 c@9 z@10", "c@5+3 c@9+1?", "")]
    [InlineData("nvme_req_done_error@1 nvme_req_done@2 nvme_req_done_error@5", "nvme_req_done@2+3", "")]
    [InlineData("_ret@1 f@2 _err@3", "", "")]
    // An exit of an exit.
    [InlineData("x_ret_ret@1 x_ret@2 x_ret_ret@5", "", "")]
    // Samples without a thread have no time.
    [InlineData("f_ret@0 f@0 f_ret@7", "", "f@0+7")]
    [InlineData("f_ret@1 f@0 f_ret@7", "", "f@0+7")]
    // Exits without entry, entries without exit.
    [InlineData("f_ret@1 f_ret@2 f_ret@3", "", "")]
    [InlineData("f@1 f@2 z@3", "", "")]
    // Open ones come in the order in which they were opened, after the others.
    [InlineData("f_ret@1 g_ret@2 g@3 f@4 h_ret@5 h@6 h_ret@7 z@8", "h@6+1 g@3+5? f@4+4?", "h@6+1 g@3+5? f@4+4?")]
    public void Match_Stream_GivesPairs(string stream, string compat, string native) =>
        Assert.Equal((compat, native), (Match(stream, isCompat: true), Match(stream, isCompat: false)));

    [Fact]
    public void Match_Losses_AreCounted()
    {
        TraceStats stats = Measure(
            "f_ret@10 f@20 g@30/1:2 f_ret@40/1 h@50:3 h@51:3 f_ret@52:9 k@53 k_ret@54",
            isCompat: false
        ).Stats;

        Assert.Equal(
            [new Loss(LossKind.ExitsWithoutEntry, 2), new Loss(LossKind.PairsAcrossGap, 1)],
            stats.EnumerateLosses()
        );
    }

    [Fact]
    public void Match_EntryWhoseExitWasNeverRecorded_IsCounted()
    {
        var builder = new TracefileBuilder();
        builder.Define("f_ret");
        builder.Add("f", 1).Add("f", 2).Add("g", 3);
        (string result, TraceStats stats) = Measure(builder.Build(), isCompat: false);

        Assert.Equal("", result);
        Assert.Equal([new Loss(LossKind.EntriesNeverClosed, 2)], stats.EnumerateLosses());
    }

    [Fact]
    public void Match_EndlessRecursion_IsBounded()
    {
        var builder = new TracefileBuilder();
        for (int i = 1; i <= 3000; i++)
            builder.Add("f", (ulong)i);

        builder.Add("f_ret", 4000);
        (string result, TraceStats stats) = Measure(builder.Build(), isCompat: false);

        Assert.Equal(1024, result.Split(' ').Length);
        Assert.StartsWith("f@3000+1000 f@1977+2023? f@1978+2022?", result, StringComparison.Ordinal);
        Assert.Equal([new Loss(LossKind.EntriesTooDeep, 1976)], stats.EnumerateLosses());
    }

    /// <summary>More threads than stacks are kept for, each of them once more, then an end without a begin.</summary>
    [Fact]
    public void Match_ManyThreads_KeepsNoneOfThemOpen()
    {
        const int threads = 5000;
        var builder = new TracefileBuilder();
        ulong time = 1;
        for (int round = 0; round < 2; round++)
        {
            for (ulong thread = 1; thread <= threads; thread++)
                builder.Add("f", time++, 0, thread);
            for (ulong thread = 1; thread <= threads; thread++)
                builder.Add("f_ret", time++, 0, thread);
        }

        for (ulong thread = 1; thread <= threads; thread++)
            builder.Add("f_ret", time++, 0, thread);
        (string result, TraceStats stats) = Measure(builder.Build(), isCompat: false);

        Assert.All(result.Split(' '), pair => Assert.EndsWith("+5000", pair, StringComparison.Ordinal));
        Assert.Equal(2 * threads, result.Split(' ').Length);
        Assert.Equal([new Loss(LossKind.ExitsWithoutEntry, threads)], stats.EnumerateLosses());
    }

    private static string Match(string stream, bool isCompat)
    {
        try
        {
            return Measure(stream, isCompat).Result;
        }
        catch (NestedEntryException)
        {
            return Nested;
        }
    }

    private static (string Result, TraceStats Stats) Measure(string stream, bool isCompat)
    {
        var builder = new TracefileBuilder();
        foreach (Match match in SamplePattern().Matches(stream))
        {
            uint cpu = match.Groups[3].Success ? uint.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) : 0;
            ulong thread = match.Groups[4].Success
                ? ulong.Parse(match.Groups[4].Value, CultureInfo.InvariantCulture)
                : 1;
            builder.Add(
                match.Groups[1].Value,
                ulong.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture),
                cpu,
                thread
            );
        }

        return Measure(builder.Build(), isCompat);
    }

    private static (string Result, TraceStats Stats) Measure(byte[] file, bool isCompat)
    {
        using TraceReader reader = TraceFormats.Standard.Open(TraceInput.FromStream("trace", new PipeStream(file)));
        var pairs = new List<string>();
        var scope = new AnalysisScope(
            reader.Tracepoints,
            reader.Stats,
            isCompat ? TimeRange.AllCompat : TimeRange.All,
            SampleFilter.None,
            isCompat,
            reader.Semantics
        );
        var analysis = new TimedSampleAnalysis(
            scope,
            withBacktraces: false,
            withExits: true,
            pair =>
                pairs.Add(
                    $"{reader.Tracepoints[pair.Entry.Sample.Tracepoint].Name}@{pair.Time}+"
                        + $"{pair.Nanoseconds}{(pair.IsOpen ? "?" : "")}"
                )
        );
        var batch = new SampleBatch();
        while (reader.Read(batch))
        {
            for (int i = 0; i < batch.Count; i++)
                analysis.Add(batch[i]);
        }

        analysis.Finish();
        return (string.Join(' ', pairs), reader.Stats);
    }

    [GeneratedRegex(@"(\w+)@(\d+)(?:/(\d+))?(?::(\d+))?")]
    private static partial Regex SamplePattern();
}
