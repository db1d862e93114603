using Osprey.Session.Traces;
using Osprey.Session.Traces.Names;
using Osprey.Tests.Builders.Traces;
using Osprey.Traces.Analyses.Inventory;
using Osprey.Traces.Semantics.Osv;

namespace Osprey.Tests.Traces.Analyses.Inventory;

public sealed class CpuRingTests
{
    private const int RecordsPerPage = 85; // of 48 bytes, in 4096
    private const int Pages = 1024; // of the only ring of a guest with one CPU

    [Theory]
    [InlineData(RecordsPerPage * (Pages - 3), RingState.HasRoom)]
    [InlineData(RecordsPerPage * (Pages - 1), RingState.ProbablyWrapped)]
    [InlineData(RecordsPerPage * Pages, RingState.ProbablyWrapped)]
    [InlineData((RecordsPerPage * Pages) + 1, RingState.Unknown)]
    public void Judge_OfATracefile_GoesByWhatTheRingHolds(int samples, RingState state)
    {
        CpuRing ring = Assert.Single(CpuRing.Judge(Take(samples), null, OsvTraceSemantics.Instance.Ring));

        Assert.Equal(state, ring.State);
        Assert.Equal(4 << 20, ring.Capacity);
    }

    [Fact]
    public void Judge_OfADump_IsCertainAndHasTheIdleCpus()
    {
        IReadOnlyList<CpuRing> rings = CpuRing.Judge(
            Take(RecordsPerPage * (Pages / 2)),
            [RecordsPerPage * (Pages / 2) * 48, 0],
            OsvTraceSemantics.Instance.Ring
        );

        Assert.Equal(
            [(0u, RingState.Wrapped, true), (1u, RingState.HasRoom, false)],
            rings.Select(ring => (ring.Cpu, ring.State, ring.Samples is not null))
        );
    }

    [Fact]
    public void Judge_WithoutRings_SaysNothing() => Assert.Empty(CpuRing.Judge(Take(3), null, ring: null));

    private static IReadOnlyList<CpuInventory> Take(int samples)
    {
        SmallTrace trace = new SmallTrace().Tracepoint(1, "sched_wait");
        for (int i = 0; i < samples; i++)
            trace.Sample(1, 1_000 + (ulong)i);

        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, trace.Build());
            using TraceSession session = TraceSession.Open(path);
            return TraceInfo.Gather(session, new SymbolSettings()).Inventory.Cpus;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
