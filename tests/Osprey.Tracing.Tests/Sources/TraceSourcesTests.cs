using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Osprey.Traces;
using Osprey.Traces.Analyses.Summaries;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Text;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Sources;

/// <summary>Events of sources that a program has already, as records.</summary>
public sealed class TraceSourcesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public TraceSourcesTests()
    {
        TraceRings.Replace(1 << 16, 2, 2);
        Tracing.Disable();
    }

    public void Dispose()
    {
        Tracing.Disable();
        File.Delete(_path);
    }

    [Fact]
    public void Events_OfAnEventSource_AreRecordedWithTheirArguments()
    {
        using var events = new OrderEvents();
        Tracing.Enable("Test-Orders/*");
        using (TraceSources.AddEventSource("Test-*"))
        {
            events.OrderStart(7, "tea 100%");
            events.OrderStop(7);
        }

        events.OrderStop(8); // nobody listens
        Assert.Equal(["Test-Orders/Order number=7 what=tea 100%", "Test-Orders/Order_ret number=7"], Read());
    }

    /// <summary>A span that ends on another thread is a call all the same.</summary>
    [Fact]
    public void Spans_AreCallsWithDurations()
    {
        // On one CPU: a call that ends on another one, which had recorded nothing before, gives no duration.
        using var place = OneCpu.Take();
        using var source = new ActivitySource("Test.Spans");
        Tracing.Enable("Test.Spans/*");
        using (TraceSources.AddActivitySource("Test.*"))
        {
            using Activity outer = source.StartActivity("outer")!;
            using (source.StartActivity("inner"))
                Thread.Sleep(1);
            var other = new Thread(outer.Stop);
            other.Start();
            other.Join();
        }

        Dump();
        using TraceFile trace = TraceFile.Open(_path);
        SummaryAnalysis summary = trace.Run(scope => new SummaryAnalysis(scope, timed: true));
        Assert.Equal(
            ["Test.Spans/inner 1", "Test.Spans/outer 1"],
            summary.Durations.Select(calls => $"{calls.Name} {calls.Count}").Order()
        );
    }

    [Fact]
    public void Measurements_OfAMeter_AreRecordedAndCounted()
    {
        using var meter = new Meter("Test.Meter");
        Counter<int> sold = meter.CreateCounter<int>("sold");
        Tracing.Enable("Test.Meter/*");
        using (TraceSources.AddMeter("Test.Meter"))
        {
            TracepointInfo info = Tracing.Tracepoints.Last(tracepoint => tracepoint.Name == "Test.Meter/sold");
            info.StartCounting();
            sold.Add(3);
            sold.Add(4);
            Assert.Equal(2ul, info.Count);
            info.StopCounting();
        }

        Assert.Equal(["Test.Meter/sold value=3", "Test.Meter/sold value=4"], Read());
    }

    /// <summary>The runtime's events come late, with the time and the thread of what they are about.</summary>
    [Fact]
    public void Collections_AreCallsOfTheRuntime()
    {
        Tracing.Enable("runtime/*");
        long start = Stopwatch.GetTimestamp();
        using (TraceSources.AddRuntime())
        {
            // The runtime delivers events when it likes.
            for (int i = 0; i < 200 && !Tracing.Tracepoints.Any(info => info.Name == "runtime/GC_ret"); i++)
            {
                GC.Collect();
                Thread.Sleep(50);
            }

            GC.Collect();
            Thread.Sleep(200);
        }

        Dump();
        using TraceFile trace = TraceFile.Open(_path);
        int count = 0;
        foreach (TraceEvent sample in trace)
        {
            Traces.Model.Tracepoint tracepoint = trace.Tracepoints[sample.Tracepoint];
            if (tracepoint.Name != "runtime/GC")
                continue;

            count++;
            Assert.InRange((long)sample.Time, start - 1_000_000_000, Stopwatch.GetTimestamp());
            Assert.Equal(uint.MaxValue, sample.Cpu);
        }

        Assert.NotEqual(0, count);
    }

    private void Dump()
    {
        using FileStream file = File.Create(_path);
        Tracing.WriteDump(file);
    }

    private List<string> Read()
    {
        Dump();
        List<string> lines = [];
        using TraceFile trace = TraceFile.Open(_path);
        foreach (TraceEvent sample in trace)
        {
            Traces.Model.Tracepoint tracepoint = trace.Tracepoints[sample.Tracepoint];
            var text = new Utf8Builder();
            new ArgumentFormatter(tracepoint, compat: false).Append(text, sample.Payload);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{tracepoint.Name} {text}"));
        }

        return lines;
    }

    [EventSource(Name = "Test-Orders")]
    private sealed class OrderEvents : EventSource
    {
        [Event(1)]
        public void OrderStart(int number, string what) => WriteEvent(1, number, what);

        [Event(2)]
        public void OrderStop(int number) => WriteEvent(2, number);
    }
}
