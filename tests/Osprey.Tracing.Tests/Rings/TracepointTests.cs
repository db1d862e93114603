using System.Runtime.CompilerServices;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Rings;

public sealed unsafe class TracepointTests
{
    private static readonly Tracepoint<int, string, double> s_mixed = Tracepoint.Define<int, string, double>(
        "mixed",
        "%d %s %g"
    );

    private static readonly Tracepoint<int, ReadOnlySpan<byte>> s_packet = Tracepoint.Define<int, ReadOnlySpan<byte>>(
        "packet",
        "%d %s"
    );

    [Fact]
    public void Record_OfATracepointThatIsOff_WritesNothing()
    {
        TraceRings.Replace(4096, 1, 1);
        s_mixed.Record(1, "text", 2.5);
        Assert.False(s_mixed.IsActive);
        Assert.Equal(new TraceTotals(0, 0, 0), Tracing.GetTotals());
    }

    [Fact]
    public void Record_OnAnyThread_AllocatesNothing()
    {
        TraceRings.Replace(1 << 16, 2, 2);
        Tracing.Enable("mixed,packet", backtrace: true);
        try
        {
            WriteMany(100);
            long before = GC.GetAllocatedBytesForCurrentThread();
            WriteMany(10_000);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(20_200, Tracing.GetTotals().Written);
        }
        finally
        {
            Tracing.Disable();
        }
    }

    /// <summary>
    /// A CPU that has no ring of its own, or a number that is none, shares another's: nothing is lost, and the record
    /// says its own CPU.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4095)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void Ring_OfACpuBeyondThoseAtStart_IsOneOfTheirs(int cpu)
    {
        TraceRings.Replace(4096, 3, 2);
        RingDescriptor* ring = TraceRings.TryOwn(cpu);
        Assert.InRange(ring->Index, 0, 2);
        // While it is in use, spare ones take over, then the other CPUs', and what finds none is counted.
        int others = 0;
        while (TraceRings.TryOwn(cpu) != null)
            others++;
        Assert.Equal((4, 1L), (others, TraceRings.Dropped));
    }

    [Fact]
    public void Counts_OfAnyCpu_AreKept()
    {
        _ = s_packet.IsActive; // defines it
        TracepointInfo info = Tracing.Tracepoints.Single(tracepoint => tracepoint.Name == "packet");
        info.StartCounting();
        foreach (int cpu in (int[])[0, TraceRings.CpuCount - 1, TraceRings.CpuCount, 100_000, int.MaxValue, -1])
            Interlocked.Increment(ref *HitCounters.Slot(info.Descriptor, cpu));
        Assert.Equal(6ul, info.Count);
        info.StopCounting();
    }

    [Fact]
    public void Rings_AreThereForAllCpusOfTheSystem_AndTheLogHasRoomForThem() =>
        // Those that this process may run on now can be fewer, and others are switched on later.
        Assert.InRange(TraceRings.CpuCount, Math.Min(Environment.ProcessorCount, 1000), 1000);

    /// <summary>A writer that is interrupted in its record keeps its ring; another record takes a spare one.</summary>
    [Fact]
    public void Record_WithinARecord_TakesAnotherRing()
    {
        TraceRings.Replace(4096, 1, 1);
        Tracing.Enable("mixed");
        try
        {
            RingDescriptor* own = TraceRings.TryOwn(0);
            s_mixed.Record(1, "nested", 1);
            Assert.Equal(0ul, own->Written);
            Assert.Equal(1ul, TraceRings.Get(1)->Written);
            TraceRings.Release(own);
            s_mixed.Record(2, "after", 1);
            Assert.Equal(1ul, own->Written);
            Assert.Equal(new TraceTotals(2, 0, 0), Tracing.GetTotals());
        }
        finally
        {
            Tracing.Disable();
        }
    }

    [Fact]
    public void Record_WhileAllRingsAreInUse_IsCountedAsDropped()
    {
        TraceRings.Replace(4096, 1, 1);
        Tracing.Enable("mixed");
        try
        {
            RingDescriptor* first = TraceRings.TryOwn(0);
            RingDescriptor* second = TraceRings.TryOwn(0);
            s_mixed.Record(1, "lost", 1);
            TraceRings.Release(first);
            TraceRings.Release(second);
            Assert.Equal(new TraceTotals(0, 0, 1), Tracing.GetTotals());
        }
        finally
        {
            Tracing.Disable();
        }
    }

    [Fact]
    public void Record_BiggerThanAPage_IsCountedAsDropped()
    {
        TraceRings.Replace(1 << 16, 1, 1);
        Tracing.Enable("packet");
        try
        {
            s_packet.Record(1, new byte[4096 - 48 - 6]); // just fits
            s_packet.Record(2, new byte[4096 - 48 - 5]);
            s_packet.Record(3, new byte[100_000]);
            Assert.Equal(new TraceTotals(1, 0, 2), Tracing.GetTotals());
        }
        finally
        {
            Tracing.Disable();
        }
    }

    [Fact]
    public void Count_OfHits_NeedsNoRecords()
    {
        TraceRings.Replace(4096, 1, 1);
        TracepointInfo info = Tracing.Tracepoints.Single(tracepoint => tracepoint.Name == "mixed");
        Assert.Null(info.Count);
        info.StartCounting();
        for (int i = 0; i < 5; i++)
            s_mixed.Record(i, "", 0);
        Assert.Equal(5ul, info.Count);
        info.StartCounting();
        Assert.Equal(0ul, info.Count);
        info.StopCounting();
        s_mixed.Record(1, "", 0);
        Assert.Null(info.Count);
        Assert.False(s_mixed.IsActive);
        Assert.Equal(0, Tracing.GetTotals().Written);
    }

    /// <summary>The last pattern that fits a tracepoint that is defined later decides.</summary>
    [Fact]
    public void Define_AfterPatterns_AppliesThem()
    {
        Tracing.Enable("later_*,/^also_[ab]$/", backtrace: true);
        Tracing.Disable("later_b");
        try
        {
            Assert.True(Tracepoint.Define("later_a").IsActive);
            Assert.False(Tracepoint.Define("later_b").IsActive);
            Assert.True(Tracepoint.Define("also_b").IsActive);
            Assert.False(Tracepoint.Define("also_c").IsActive);
            Assert.True(Tracing.Tracepoints.Last(info => info.Name == "later_a").HasBacktrace);
        }
        finally
        {
            Tracing.Disable();
        }

        Assert.False(Tracepoint.Define("later_d").IsActive);
    }

    [Theory]
    [InlineData("", "", "The value cannot be an empty string. (Parameter 'name')")]
    [InlineData(
        "a\nb",
        "",
        "A tracepoint's name and format have at most 1000 characters and none that control a terminal."
    )]
    [InlineData(
        "name",
        "%d",
        "The tracepoint name can't be defined: the format \"%d\" has more conversions than there are arguments "
            + "(0). (Parameter 'format')"
    )]
    public void Define_WithWhatCanNotBeUsed_SaysWhy(string name, string format, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Tracepoint.Define(name, format)).Message);

    [Fact]
    public void Define_WithATypeThatNoArgumentHas_SaysWhy() =>
        Assert.Equal(
            "A tracepoint can't have arguments of type System.Object: it takes integers, enums, bool, char, float, "
                + "double, nint, string and bytes.",
            Assert.Throws<ArgumentException>(() => Tracepoint.Define<object>("name", "%s")).Message
        );

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteMany(int count)
    {
        for (int i = 0; i < count; i++)
        {
            s_mixed.Record(i, "a text", i / 2.0);
            s_packet.Record(i, "abc"u8);
        }
    }
}
