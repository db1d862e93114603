using Osprey.Traces.Analyses.Inventory;
using Osprey.Traces.Semantics.Osv;

namespace Osprey.Tests.Traces.Analyses.Inventory;

public sealed class TraceRingTests
{
    private static readonly TraceRing s_ring = OsvTraceSemantics.Instance.Ring!;

    [Theory]
    [InlineData(0, 4 << 20)]
    [InlineData(1, 4 << 20)]
    [InlineData(2, 2 << 20)]
    [InlineData(3, 1 << 20)]
    [InlineData(4, 1 << 20)]
    [InlineData(64, 1 << 20)]
    [InlineData(0x1_0000_0000, 1 << 20)]
    public void CapacityFor_CpuCount_IsThatOfTheGuest(long cpuCount, long capacity) =>
        Assert.Equal(capacity, s_ring.CapacityFor(cpuCount));

    [Theory]
    [InlineData(0, 0, 48)]
    [InlineData(0, 1, 56)]
    [InlineData(2, 60, 192)]
    [InlineData(12, 0, 144)]
    public void SizeOfRecord_IsRoundedUp(int frames, int payload, int size) =>
        Assert.Equal(size, s_ring.SizeOfRecord(frames, payload));

    [Theory]
    [InlineData(0, 4096, 4096)]
    [InlineData(4048, 48, 4096)]
    [InlineData(4056, 48, 4144)]
    [InlineData(4096, 48, 4144)]
    public void Advance_NeverCrossesAPage(long position, int size, long end) =>
        Assert.Equal(end, s_ring.Advance(position, size));
}
