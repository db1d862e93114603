using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Memory;

public class CachedPhysicalMemoryTests
{
    [Fact]
    public void Read_TheSamePageAgain_AsksOnce()
    {
        FakeMemory memory = new FakeMemory().Add(0x1000, new byte[0x2000]);
        var cache = new CachedPhysicalMemory(memory);
        byte[] buffer = new byte[8];
        for (int i = 0; i < 100; i++)
            Assert.Equal(8, cache.Read(new PhysicalAddress(0x1000 + ((ulong)i * 8)), buffer));

        Assert.Equal(1, memory.Reads);
        Assert.Equal(8, cache.Read(new PhysicalAddress(0x1ffc), buffer));
        Assert.Equal(2, memory.Reads);
    }

    [Fact]
    public void Read_GuestMayHaveRun_AsksAgain()
    {
        FakeMemory memory = new FakeMemory().Add(0, new byte[0x1000]);
        var cache = new CachedPhysicalMemory(memory);
        byte[] buffer = new byte[8];
        cache.Read(default, buffer);
        memory.Write(0, 42);
        cache.Read(default, buffer);
        Assert.Equal(0UL, BitConverter.ToUInt64(buffer));

        memory.Generation.Advance();
        cache.Read(default, buffer);
        Assert.Equal(42UL, BitConverter.ToUInt64(buffer));
    }

    [Fact]
    public void Read_PagesThatAreThereInPart_GivesExactCounts()
    {
        FakeMemory memory = new FakeMemory().Add(0x1000, new byte[0x800]).Add(0x2800, new byte[0x800]);
        var cache = new CachedPhysicalMemory(memory);
        byte[] buffer = new byte[16];

        Assert.Equal(8, cache.Read(new PhysicalAddress(0x17f8), buffer));
        Assert.Equal(0, cache.Read(new PhysicalAddress(0x1800), buffer));
        Assert.Equal(16, cache.Read(new PhysicalAddress(0x2800), buffer));
        Assert.Equal(8, cache.Read(new PhysicalAddress(0x2ff8), buffer));
    }

    [Fact]
    public void Read_RandomPlaces_IsWhatIsBelow()
    {
        byte[] bytes = new byte[1 << 18];
        new Random(1).NextBytes(bytes);
        var cache = new CachedPhysicalMemory(new FakeMemory().Add(0x1000, bytes), maxPages: 8);
        var random = new Random(2);
        byte[] buffer = new byte[100_000];
        for (int i = 0; i < 300; i++)
        {
            int at = random.Next(bytes.Length);
            int size = random.Next(10) == 0 ? random.Next(buffer.Length) : random.Next(9000);
            int count = cache.Read(new PhysicalAddress(0x1000 + (ulong)at), buffer.AsSpan(0, size));
            Assert.True(bytes.AsSpan(at, Math.Min(size, bytes.Length - at)).SequenceEqual(buffer.AsSpan(0, count)));
        }
    }

    [Fact]
    public void Read_WhatIsCached_AllocatesNothing()
    {
        var cache = new CachedPhysicalMemory(new FakeMemory().Add(0, new byte[0x1000]));
        Span<byte> buffer = stackalloc byte[8];
        cache.Read(default, buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 0; i < 1000; i++)
            cache.Read(new PhysicalAddress(i), buffer);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Wrap_CachesAndMappedMemory_AreNotCached()
    {
        var cache = new CachedPhysicalMemory(new FakeMemory());
        SegmentedMemory mapped = PageTableBuilder.ToMemory(new byte[16]);

        Assert.Throws<ArgumentException>(() => new CachedPhysicalMemory(cache));
        Assert.Same(cache, CachedPhysicalMemory.WrapIfUseful(cache));
        Assert.Same(mapped, CachedPhysicalMemory.WrapIfUseful(mapped));
        Assert.IsType<CachedPhysicalMemory>(CachedPhysicalMemory.WrapIfUseful(new FakeMemory()));
    }
}
