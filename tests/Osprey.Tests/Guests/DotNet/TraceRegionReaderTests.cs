using System.Buffers.Binary;
using Osprey.Guests.DotNet;
using Osprey.Guests.Tracepoints;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Tests.Guests.DotNet;

/// <summary>The memory that Osprey.Tracing makes for readers outside, whole, cut short and damaged.</summary>
public class TraceRegionReaderTests
{
    private const ulong Region = 0x7f00_0000_0000;

    [Fact]
    public void ReadRings_OfAWholeRegion_GivesRingsAndTracepoints()
    {
        GuestTraceRings rings = Read(Make());
        Assert.Equal((4096, 10), (rings.PageSize, rings.BacktraceLength));
        Assert.Equal(
            [
                new GuestTraceRing(0, Region + 0x108, 24, 8, 0x1000_0000, 0x1000),
                new GuestTraceRing(1, Region + 0x188, 24, 8, 0x2000_0000, 0x2000),
            ],
            rings.Rings.Items
        );
        Assert.Empty(rings.Rings.Defects);
        Assert.Equal(
            [
                new GuestTracepoint("open", Region + 0x200, "%d", "i", true, false, true),
                new GuestTracepoint("close", Region + 0x240, "", "", false, true, false),
            ],
            rings.Tracepoints.Items
        );
    }

    [Fact]
    public void ReadRings_WhereTheProgramDroppedRecords_SaysHowMany()
    {
        byte[] region = Make();
        region[72] = 7;
        Assert.Equal(7, Read(region).Dropped);
    }

    [Theory]
    [InlineData(8, 2, "version 2; expected 1")]
    [InlineData(32, 24, "pages of 24 bytes, 10 return addresses")]
    [InlineData(36, 65, "pages of 4096 bytes, 65 return addresses")]
    [InlineData(48, 5000, "5000 rings with descriptors of 128 bytes")]
    [InlineData(52, 8, "2 rings with descriptors of 8 bytes")]
    [InlineData(0, 0, "the header is not there any more")]
    public void ReadRings_OfAHeaderThatMakesNoSense_SaysWhy(int offset, int value, string why)
    {
        byte[] region = Make();
        BinaryPrimitives.WriteInt32LittleEndian(region.AsSpan(offset), value);
        Assert.Equal(
            $"the program's trace memory is not understood: {why}",
            Assert.Throws<TargetException>(() => Read(region)).Message
        );
    }

    [Fact]
    public void ReadTracepoints_OfAListThatGoesInACircle_Ends()
    {
        byte[] region = Make();
        BinaryPrimitives.WriteUInt64LittleEndian(region.AsSpan(0x240 + 40), Region + 0x200);
        Assert.Equal(["the list of tracepoints does not end: 2 were read"], Read(region).Tracepoints.Defects);
    }

    [Theory]
    [InlineData(0x2d0, "[async] Store::Find()")]
    [InlineData(0x2d1, null)] // not the begin of it
    [InlineData(0x2a0, null)] // another text
    [InlineData(0x2ff, null)]
    [InlineData(0x300, null)]
    [InlineData(-8, null)]
    [InlineData(long.MaxValue - (long)Region, null)]
    public void ReadLogicalCaller_OfAnAddress_IsANameWithItsMarkOrNothing(long offset, string? name)
    {
        ulong address = unchecked(Region + (ulong)offset);
        Assert.Equal(name, Reader(Make()).ReadLogicalCaller(address));
        byte[] isNoRegion = Make();
        isNoRegion[0] = 0;
        Assert.Null(Reader(isNoRegion).ReadLogicalCaller(address));
        byte[] isSmall = Make();
        isSmall[24 + 1] = 2;
        Assert.Null(Reader(isSmall).ReadLogicalCaller(address));
    }

    [Fact]
    public void ReadLogicalCaller_OfANameThatControlsTheTerminal_IsNothing()
    {
        byte[] region = Make();
        region[0x2d9] = 0x1b;
        Assert.Null(Reader(region).ReadLogicalCaller(Region + 0x2d0));
    }

    [Fact]
    public void ReadRings_OfAnyPartOfARegion_GivesWhatThereIsOrAReason()
    {
        byte[] whole = Make();
        for (int length = 0; length < whole.Length; length++)
            ReadOrRefuse(whole[..length]);
    }

    [Fact]
    public void ReadRings_OfDamagedRegions_GivesWhatThereIsOrAReason()
    {
        var random = new Random(16);
        for (int round = 0; round < 2000; round++)
        {
            byte[] region = Make();
            for (int i = random.Next(1, 6); i > 0; i--)
                region[random.Next(region.Length)] = (byte)random.Next(256);

            ReadOrRefuse(region);
        }
    }

    private static void ReadOrRefuse(byte[] region)
    {
        try
        {
            GuestTraceRings rings = Read(region);
            Assert.InRange(rings.Rings.Items.Count, 0, 2048);
            Assert.InRange(rings.Tracepoints.Items.Count, 0, 1 << 16);
        }
        catch (TargetException exception)
        {
            Assert.Equal(TargetProblem.NotUnderstood, exception.Problem);
        }
    }

    private static GuestTraceRings Read(byte[] region) => Reader(region).ReadRings(CancellationToken.None);

    private static TraceRegionReader Reader(byte[] region) => new(new RegionMemory(region), Region);

    private static byte[] Make()
    {
        byte[] region = new byte[0x300];
        "OSPREYTR"u8.CopyTo(region);
        Put32(8, 1);
        Put64(16, Region);
        Put64(24, 0x300);
        Put32(32, 4096);
        Put32(36, 10);
        Put64(40, Region + 0x100);
        Put32(48, 2);
        Put32(52, 128);
        Put64(56, Region + 0x200);
        Put32(64, 2);
        Put64(0x108, 0x1000_0000);
        Put64(0x118, 0x1000);
        Put64(0x188, 0x2000_0000);
        Put64(0x198, 0x2000);
        Text(0x2a0, "open"u8);
        Text(0x2b0, "close"u8);
        Text(0x2c0, "%d"u8);
        Text(0x2c8, "i"u8);
        Text(0x2d0, "[async] Store::Find()"u8);
        Tracepoint(0x200, 0x2a0, 0x2c0, 0x2c8, Region + 0x240, [0, 1, 1]);
        Tracepoint(0x240, 0x2b0, 0x2f0, 0x2f0, 0, [1, 0, 0]);
        return region;

        void Put32(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(region.AsSpan(offset), value);
        void Put64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(region.AsSpan(offset), value);
        void Text(int offset, ReadOnlySpan<byte> text) => text.CopyTo(region.AsSpan(offset));
        void Tracepoint(int offset, int name, int format, int signature, ulong next, byte[] flags)
        {
            Put64(offset + 16, Region + (ulong)name);
            Put64(offset + 24, Region + (ulong)format);
            Put64(offset + 32, Region + (ulong)signature);
            Put64(offset + 40, next);
            flags.CopyTo(region, offset + 56);
        }
    }

    private sealed class RegionMemory(byte[] region) : IMemoryReader
    {
        public int Read(ulong address, Span<byte> buffer)
        {
            if (address < Region || address - Region >= (ulong)region.Length)
                return 0;

            int start = (int)(address - Region);
            int size = Math.Min(buffer.Length, region.Length - start);
            region.AsSpan(start, size).CopyTo(buffer);
            return size;
        }
    }
}
