using Osprey.Tests.Builders.Traces;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Trace;

public sealed class ListingGoldenTests
{
    [Fact]
    public void List_Samples_AreLines()
    {
        TracefileBuilder trace = SampleTraces.Listing();
        using var transcript = new TraceTranscript(trace);
        transcript
            .Native("list")
            .Native("list --no-header -b -x")
            .Native("list --no-header -bl -x")
            .Both("list -t vfs_")
            .Both("list -t sched --since 0 --until 0.001501")
            .Native("list --no-header --since 0 --period 1ms")
            .Native("list --since 0 --period 1ms --compat")
            .Native("list --no-header --thread work* --cpu 1")
            .Native("list -b -x --json");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void List_WorkedExampleOfTheFormat_IsItsLine()
    {
        var builder = new TracefileBuilder();
        BuiltTracepoint open = builder.Define("vfs_open", "piI", "\"%s\" 0x%x 0%0o", 0x40601080);
        builder.Add(
            new BuiltSample(open)
            {
                Time = 9265804,
                Cpu = 1,
                Backtrace = [0x40331149, 0x40338825],
                Arguments = ["/hello", 0, 420u],
            }
        );
        using var transcript = new TraceTranscript(builder);

        transcript.Native("list -b -x --compat");

        Assert.Equal(
            "$ osprey trace list -b -x --compat\n"
                + "0xffff800000a01040 init             1         0.009265804 vfs_open             \"/hello\" "
                + "0x0 0644   [0x40331148, 0x40338824]\n\n",
            transcript.Text
        );
    }

    [Fact]
    public void ListTimed_Pairs_AreLinesWithDurations()
    {
        using var transcript = new TraceTranscript(SampleTraces.Listing());
        transcript
            .Both("list-timed")
            .Both("list-timed --sort duration -b -x")
            .Both("list-timed --sort time --since 0.0021 --until 0.0022")
            .Native("list-timed --json");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void Summary_Trace_IsCountsAndPercentiles()
    {
        using var transcript = new TraceTranscript(SampleTraces.Waits());
        transcript
            .Both("summary")
            .Both("summary --timed")
            .Both("summary --timed --since 0.0015 --until 0.0025")
            .Both("summary --timed --since 9")
            .Native("summary --timed --json");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void Summary_TimeZero_IsTheBeginOfTheTrace()
    {
        using var transcript = new TraceTranscript(SampleTraces.Listing());
        transcript.Both("summary --timed");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void CpuLoad_Samples_AreRows()
    {
        using var transcript = new TraceTranscript(SampleTraces.Loads());
        transcript
            .Both("cpu-load")
            .Both("cpu-load -f csv")
            .Both("cpu-load -c 3")
            .Both("cpu-load -c 2")
            .Both("cpu-load --since 5.7913 --until 5.7914")
            .Native("cpu-load --json");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void WakeupLatency_WakeUps_AreLines()
    {
        TracefileBuilder trace = SampleTraces.Listing();
        trace.Add(trace.Samples[1] with { Time = 3_000_000 });
        trace.Add(trace.Samples[2] with { Time = 3_100_000 });
        trace.Add(trace.Samples[2] with { Time = 3_200_000 });
        trace.Add(trace.Samples[3] with { Time = 3_300_001, Backtrace = [0x8001] });
        trace.Add(trace.Samples[1] with { Time = 4_000_000 });
        trace.Add(trace.Samples[2] with { Time = 4_100_000 });
        trace.Add(trace.Samples[3] with { Time = 4_300_000, Cpu = 1 });
        using var transcript = new TraceTranscript(trace);
        transcript
            .Both("wakeup-latency")
            .Both("wakeup-latency --no-header -b -x")
            .Both("wakeup-latency --no-header --since 0.002")
            .Native("wakeup-latency --json");
        GoldenFile.Verify(transcript.Text);
    }

    [Fact]
    public void Commands_NothingToShow_SayWhy()
    {
        using var empty = new TraceTranscript(new TracefileBuilder());
        empty
            .Both("list")
            .Both("summary")
            .Both("prof -x")
            .Both("cpu-load")
            .Both("wakeup-latency")
            .Both("memory-analyzer -x");
        using var other = new TraceTranscript(new TracefileBuilder().Add("z", 5));
        other
            .Both("list-timed")
            .Both("prof -x")
            .Both("prof-wait -x")
            .Both("prof-lock -x")
            .Both("prof-idle -x")
            .Both("prof-flame -x")
            .Both("cpu-load")
            .Both("wakeup-latency")
            .Both("memory-analyzer -x")
            .Both("prof -x --since 9")
            .Both("prof-timed -x -t z");
        GoldenFile.Verify(empty.Text + other.Text);
    }

    [Fact]
    public void List_DamagedTrace_ShowsWhatIsThereAndSaysWhatIsNot()
    {
        using var transcript = new TraceTranscript(SampleTraces.Listing().Build()[..^7]);
        transcript.Native("list --no-header").Native("summary --compat");
        GoldenFile.Verify(transcript.Text);
    }
}
