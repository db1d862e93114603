using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Target.Architectures.X64;
using static Osprey.Tests.Builders.Guests.PageTableBuilder;

namespace Osprey.Tests.Target.Memory;

public class VirtualMemoryTests
{
    [Fact]
    public void Read_OverPages_EndsAtTheFirstThatIsNotMapped()
    {
        PageTableBuilder builder = new PageTableBuilder()
            .Map(0x40_0000, 0x1_0000, Present)
            .Map(0x40_1000, 0x1_8000, Present);
        byte[] bytes = builder.Build(0x2_0000);
        bytes.AsSpan(0x1_0000, 0x1000).Fill(1);
        bytes.AsSpan(0x1_8000, 0x1000).Fill(2);
        var memory = new VirtualMemory(ToMemory(bytes), new PageTableWalker(ToMemory(bytes), builder.Paging));
        byte[] buffer = new byte[0x3000];

        Assert.Equal(0x1ff0, memory.Read(0x40_0010, buffer));
        Assert.Equal([1, 2], [buffer[0xfef], buffer[0xff0]]);
        Assert.Equal(4, memory.Read(0x40_1ffc, buffer.AsSpan(0, 8)));
        Assert.Equal(0, memory.Read(0x40_2000, buffer));
        Assert.Equal(0, memory.Read(0x40_0000, []));
    }

    [Fact]
    public void Read_AtTheEndOfTheAddressSpace_DoesNotWrap()
    {
        PageTableBuilder builder = new PageTableBuilder()
            .Map(0xffff_ffff_ffff_f000, 0x1000, Present)
            .Map(0, 0x1000, Present);
        SegmentedMemory memory = builder.BuildMemory();

        Assert.Equal(
            8,
            new VirtualMemory(memory, new PageTableWalker(memory, builder.Paging)).Read(
                ulong.MaxValue - 7,
                new byte[64]
            )
        );
    }

    [Theory]
    [InlineData(0x1000UL, 2000)]
    [InlineData(0x20_0000UL, 500)]
    public void TryTranslate_PagesThatFollowEachOther_AreLookedUpOnce(ulong pageSize, int pages)
    {
        var tables = new CountedTables(pageSize);
        var memory = new VirtualMemory(new FakeMemory(), tables);
        for (int pass = 0; pass < 3; pass++)
        {
            for (ulong page = 0; page < (ulong)pages; page++)
            {
                Assert.True(memory.TryTranslate((page * pageSize) + 8, out PhysicalAddress physical));
                Assert.Equal((page * pageSize) + CountedTables.Shift + 8, physical.Value);
            }
        }

        Assert.Equal(pages, tables.Count);
    }

    [Fact]
    public void Read_TablesChangedWhileTheGuestRan_AreSeen()
    {
        PageTableBuilder builder = new PageTableBuilder().Map(0x40_0000, 0x1_0000, Present);
        byte[] bytes = builder.Build(0x2_0000);
        bytes[0x1_0000] = 1;
        bytes[0x1_8000] = 2;
        FakeMemory physical = new FakeMemory().Add(0, bytes);
        var memory = new VirtualMemory(physical, new PageTableWalker(physical, builder.Paging));
        memory.TryReadByte(0x40_0000, out byte first);
        builder.Map(0x40_0000, 0x1_8000, Present).Build().CopyTo(bytes, 0);
        memory.TryReadByte(0x40_0000, out byte kept);
        physical.Generation.Advance();
        memory.TryReadByte(0x40_0000, out byte second);

        Assert.Equal([1, 1, 2], [first, kept, second]);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Read_Anything_IsWhatANaiveModelSays(int seed)
    {
        PageTableBuilder builder = PageTableMapTests.MakeRandom(seed);
        byte[] bytes = builder.Build(1 << 21);
        new Random(seed).NextBytes(bytes.AsSpan(0x4_0000)); // the tables lie below
        var walker = new PageTableWalker(ToMemory(bytes), builder.Paging);
        var memory = new VirtualMemory(ToMemory(bytes), walker);
        var random = new Random(seed);
        byte[] buffer = new byte[20_000];
        long compared = 0;
        for (int i = 0; i < 2000; i++)
        {
            ulong start = (ulong)random.Next(2) << 30 | (random.Next(2) == 0 ? 0 : 0xffff_8000_0000_0000);
            start += random.Next(4) == 0 ? (1UL << 29) + (ulong)random.Next(16 << 21) : (ulong)random.Next(64 << 12);
            int size = random.Next(3) == 0 ? random.Next(buffer.Length) : random.Next(16);
            int count = memory.Read(start, buffer.AsSpan(0, size));
            int wrong = 0;
            for (int j = 0; j < count; j++)
                wrong +=
                    walker.TryTranslate(start + (ulong)j, out Translation at) && bytes[at.Physical.Value] == buffer[j]
                        ? 0
                        : 1;

            Assert.Equal(0, wrong);

            bool isReadable =
                walker.TryTranslate(start + (ulong)count, out Translation next)
                && next.Physical.Value < (ulong)bytes.Length;
            Assert.True(count == size || !isReadable);
            compared += count;
        }

        Assert.InRange(compared, 10_000, long.MaxValue);
    }

    /// <summary>Page tables that map each page elsewhere, and count how often they are asked.</summary>
    private sealed class CountedTables(ulong pageSize) : IAddressTranslator
    {
        public const ulong Shift = 1UL << 40;

        public int Count { get; private set; }

        public bool TryTranslate(ulong address, out Translation translation)
        {
            Count++;
            translation = new Translation(new PhysicalAddress(address + Shift), pageSize);
            return true;
        }
    }
}
