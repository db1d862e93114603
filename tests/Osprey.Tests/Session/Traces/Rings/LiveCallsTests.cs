using Osprey.Session.Traces.Rings;
using Osprey.Session.Traces.Rings.Calls;
using Osprey.Tests.Builders.Traces;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics.Osv;

namespace Osprey.Tests.Session.Traces.Rings;

/// <summary>Begins and ends of calls that are put together while a guest runs.</summary>
public class LiveCallsTests
{
    [Fact]
    public void Calls_ThatNestAndInterleave_AreJoinedByThreadAndName() =>
        Assert.Equal(
            [
                "begin read@1",
                "begin read@2",
                "begin wait@3",
                "begin read@4",
                "read@2-5",
                "read@4-6",
                "wait@3-7",
                "read@1-8",
            ],
            Join(
                rings =>
                    rings
                        .Write(0, 1, 10, "a", "read")
                        .Write(0, 2, 10, "a", "read")
                        .Write(0, 3, 10, "a", "wait")
                        .Write(0, 4, 11, "b", "read")
                        .Write(0, 5, 10, "a", "read_ret")
                        .Write(0, 6, 11, "b", "read_err")
                        .Write(0, 7, 10, "a", "wait_ret")
                        .Write(0, 8, 10, "a", "read_ret"),
                _ => { }
            )
        );

    [Fact]
    public void Calls_WhoseCopiesAreUsedAgain_AreTheirOwn() =>
        Assert.Equal(
            Enumerable.Range(0, 50).SelectMany(i => new[] { $"begin read@{2 * i}", $"read@{2 * i}-{(2 * i) + 1}" }),
            Join(
                rings =>
                {
                    for (ulong i = 0; i < 50; i++)
                        rings.Write(0, 2 * i, 10, "a", "read").Write(0, (2 * i) + 1, 10, "a", "read_ret");
                },
                _ => { }
            )
        );

    [Theory]
    // A sample at its begin was read.
    [InlineData(2, 4, new[] { "begin read@1", "read@1-2", "begin read@5", "read@5-6" })]
    [InlineData(1, 2, new[] { "begin read@1", "unfinished read@1", "read_ret@2", "begin read@5", "read@5-6" })]
    [InlineData(2, 6, new[] { "begin read@1", "read@1-2", "begin read@5", "read@5-6" })]
    [InlineData(5, 6, new[] { "begin read@1", "read@1-2", "begin read@5", "unfinished read@5", "read_ret@6" })]
    public void Calls_AcrossALoss_AreNotJoined(int from, int to, string[] expected) =>
        Assert.Equal(
            expected,
            Join(
                rings =>
                    rings
                        .Write(0, 1, 10, "a", "read")
                        .Write(0, 2, 10, "a", "read_ret")
                        .Write(0, 5, 10, "a", "read")
                        .Write(0, 6, 10, "a", "read_ret"),
                calls => calls.AddGap((ulong)from, (ulong)to)
            )
        );

    private static List<string> Join(Action<BuiltRings> write, Action<LiveCalls> prepare)
    {
        var built = new BuiltRings(cpus: 1);
        foreach (string name in new[] { "read", "read_ret", "read_err", "wait", "wait_ret" })
            built.AddTracepoint(name);

        write(built);
        GuestRings rings = built.Open();
        var sink = new Words(rings.Tracepoints);
        var calls = new LiveCalls(rings.Tracepoints, OsvTraceSemantics.Instance, SampleFilter.None, rings.IsEnabled);
        prepare(calls);
        new LiveSamples(rings).Finish((in TraceEvent sample) => calls.Add(sample, sink), _ => { });
        return sink.Lines;
    }

    /// <summary>Notes in words what it is given.</summary>
    private sealed class Words(TracepointTable tracepoints) : ICallSink
    {
        public List<string> Lines { get; } = [];

        public void TakeSingle(in TraceEvent sample) => Lines.Add(Describe(sample));

        public void TakeBegin(in TraceEvent entry) => Lines.Add("begin " + Describe(entry));

        public void TakeCall(in TraceEvent entry, in TraceEvent exit, bool isResumed) =>
            Lines.Add($"{Describe(entry)}-{exit.Time}");

        public void TakeUnfinished(in TraceEvent entry) => Lines.Add("unfinished " + Describe(entry));

        private string Describe(in TraceEvent sample) => $"{tracepoints[sample.Tracepoint].Name}@{sample.Time}";
    }
}
