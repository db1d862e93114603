using Osprey.Tests.Recordings;
using Osprey.Traces;
using Osprey.Traces.Analyses.Summaries;
using Osprey.Traces.Model;

namespace Osprey.Tests.Traces;

public sealed class TraceFileTests
{
    [Theory]
    [InlineData("alloc")]
    [InlineData("fs")]
    [InlineData("net")]
    public void Enumeration_GivesTheSamplesThatAnAnalysisGets(string recording)
    {
        var counts = new Dictionary<int, long>();
        using (TraceFile trace = TraceFile.Open(Checkout.Tracefile(recording)))
        {
            foreach (TraceEvent sample in trace)
                counts[sample.Tracepoint] = counts.GetValueOrDefault(sample.Tracepoint) + 1;
        }

        using TraceFile again = TraceFile.Open(Checkout.Tracefile(recording));
        SummaryAnalysis summary = again.Run(scope => new SummaryAnalysis(scope, timed: false));
        Assert.NotEqual(0, summary.Count);
        Assert.Equal(
            summary.Tracepoints.Select(item => (item.Tracepoint.Index, item.Count)).Order(),
            counts.Select(item => (item.Key, item.Value)).Order()
        );
    }

    [Fact]
    public void Samples_ReadASecondTime_AreRefused()
    {
        using TraceFile trace = TraceFile.Open(Checkout.Tracefile("fs"));
        trace.Run();
        Assert.Throws<InvalidOperationException>(() => trace.Run());
        Assert.Throws<InvalidOperationException>(trace.GetEnumerator);
    }
}
