using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Binary;
using Osprey.Tests.Builders.Guests;
using static Osprey.Tests.Builders.Guests.PageTableBuilder;

namespace Osprey.Tests.Target.Architectures.X64;

public class PageTableMapTests
{
    private const PagePermissions ReadWrite = PagePermissions.Read | PagePermissions.Write;
    private const PagePermissions ReadExecute = PagePermissions.Read | PagePermissions.Execute;

    [Fact]
    public void Enumerate_PagesThatFollowEachOther_AreOneRange()
    {
        PageTableBuilder builder = new PageTableBuilder()
            .Map(0x40_0000, 0x10_0000, Present | Write | NoExecute)
            .Map(0x40_1000, 0x10_1000, Present | Write | NoExecute)
            .Map(0x40_2000, 0x20_0000, Present | Write | NoExecute) // elsewhere physically
            .Map(0x40_3000, 0x20_1000, Present) // other permissions
            .Map(0x40_5000, 0x20_2000, Present | Write) // a hole before
            .SetEntry(0x40_6000, 0, 0x8_0000_0020_3003) // PROT_NONE
            .Map(0x60_0000, 0x60_0000, Present | Write, level: 1)
            .Map(0x80_0000, 0x80_0000, Present | Write, level: 1)
            .Map(0xffff_ffff_ffff_f000, 0x5000, Present);

        PageRange[] expected =
        [
            new(0x40_0000, 0x2000, ReadWrite, new PhysicalAddress(0x10_0000), 4096, 4096),
            new(0x40_2000, 0x1000, ReadWrite, new PhysicalAddress(0x20_0000), 4096, 4096),
            new(0x40_3000, 0x1000, ReadExecute, new PhysicalAddress(0x20_1000), 4096, 4096),
            new(0x40_5000, 0x1000, ReadWrite | PagePermissions.Execute, new PhysicalAddress(0x20_2000), 4096, 4096),
            new(0x40_6000, 0x1000, PagePermissions.None, new PhysicalAddress(0x20_3000), 4096, 4096),
            new(
                0x60_0000,
                0x40_0000,
                ReadWrite | PagePermissions.Execute,
                new PhysicalAddress(0x60_0000),
                0x20_0000,
                0x20_0000
            ),
            new(0xffff_ffff_ffff_f000, 0x1000, ReadExecute, new PhysicalAddress(0x5000), 4096, 4096),
        ];
        Assert.Equal(expected, new PageTableMap(builder.BuildMemory(), builder.Paging).Enumerate());
        Assert.Equal(
            [false, false, false, true, false, true, false],
            expected.Select(range => range.IsWritableAndExecutable)
        );
        Assert.Equal(ulong.MaxValue, expected[^1].Last);
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(2, 2, true)]
    [InlineData(3, 3, false)]
    [InlineData(4, 3, false)]
    public void Enumerate_MoreRangesThanAllowed_EndsAndSaysSo(int limit, int expected, bool isCutShort)
    {
        PageTableBuilder builder = new PageTableBuilder()
            .Map(0x1000, 0x1000, Present)
            .Map(0x3000, 0x3000, Present)
            .Map(0x5000, 0x5000, Present);
        var map = new PageTableMap(
            builder.BuildMemory(),
            builder.Paging,
            new PageTableMapOptions { MaxRanges = limit }
        );

        Assert.Equal((expected, expected, isCutShort), (map.Enumerate().Count(), map.RangeCount, map.IsCutShort));
    }

    [Fact]
    public void Enumerate_ByPermissionsOnly_LeavesPhysicalOpen()
    {
        PageTableBuilder builder = new PageTableBuilder()
            .Map(0x3f_f000, 0x10_0000, Present)
            .Map(0x40_0000, 0x60_0000, Present, level: 1)
            .Map(0x60_0000, 0x7000, Present);
        var options = new PageTableMapOptions { SplitWherePhysicalChanges = false };

        Assert.Equal(
            [new PageRange(0x3f_f000, 0x20_2000, ReadExecute, null, 4096, 0x20_0000)],
            new PageTableMap(builder.BuildMemory(), builder.Paging, options).Enumerate()
        );
    }

    [Fact]
    public void Enumerate_PartOfTheSpace_LooksAtNoOtherTables()
    {
        PageTableBuilder builder = new PageTableBuilder();
        for (ulong address = 0; address < 0x1000_0000; address += 0x20_0000)
            builder.Map(address, 0x5000, Present);

        var map = new PageTableMap(
            builder.BuildMemory(),
            builder.Paging,
            new PageTableMapOptions { Start = 0x40_0000, Last = 0x60_0000 }
        );

        Assert.Equal([0x40_0000UL, 0x60_0000], map.Enumerate().Select(range => range.Start));
        Assert.Equal(5, map.TableCount);
    }

    [Theory]
    [InlineData(X64PagingMode.Legacy32)]
    [InlineData(X64PagingMode.Pae)]
    [InlineData(X64PagingMode.FiveLevel)]
    public void Enumerate_OtherModes_FindTheSamePages(X64PagingMode mode)
    {
        PageTableBuilder builder = new PageTableBuilder(mode)
            .Map(0x40_1000, 0x5000, Present)
            .Map(0xc000_0000, 0x40_0000, Present | Write, level: 1);

        Assert.Equal(
            [(0x40_1000UL, 0x5000UL), (0xc000_0000, 0x40_0000)],
            new PageTableMap(builder.BuildMemory(), builder.Paging)
                .Enumerate()
                .Select(range => (range.Start, range.Physical!.Value.Value))
        );
    }

    [Fact]
    public void Enumerate_NoPaging_IsEmpty() =>
        Assert.Empty(new PageTableMap(new PageTableBuilder().BuildMemory(), X64Paging.Off).Enumerate());

    [Fact]
    public void Enumerate_TablesThatNameThemselves_EndAtTheLimit()
    {
        // Each entry of the root names the root: 512^4 pages, no two mapped alike.
        byte[] memory = new byte[0x2000];
        for (int i = 0; i < 512; i++)
            BitConverter.GetBytes(Root | Present | Write).CopyTo(memory, 0x1000 + (i * 8));

        var map = new PageTableMap(
            ToMemory(memory),
            new PageTableBuilder().Paging,
            new PageTableMapOptions { MaxTables = 1000 }
        );
        long before = GC.GetAllocatedBytesForCurrentThread();
        int ranges = map.Enumerate().Count();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Three tables are on the way to the first 512 lowest ones, a fourth to the others.
        Assert.Equal((996 * 512, 1000, true), (ranges, map.TableCount, map.IsCutShort));
        Assert.InRange(allocated, 0, 10_000);
    }

    [Fact]
    public void Enumerate_EveryPage_IsWhatTheWalkerSays()
    {
        PageTableBuilder builder = MakeRandom(3);
        SegmentedMemory memory = builder.BuildMemory();
        var walker = new PageTableWalker(memory, builder.Paging);
        int pages = 0;
        foreach (PageRange range in new PageTableMap(memory, builder.Paging).Enumerate())
        {
            for (ulong offset = 0; offset < range.Size; offset += range.SmallestPage, pages++)
            {
                PageWalk walk = walker.Walk(range.Start + offset);
                Assert.Equal(range.Permissions, walk.Permissions);
                Assert.Equal(
                    new Translation(new PhysicalAddress(range.Physical!.Value.Value + offset), range.SmallestPage),
                    walk.Translation
                );
            }
        }

        Assert.InRange(pages, 150, 400);
    }

    [Fact]
    public void Enumerate_Changed_EndsInTime() =>
        Assert.Equal(0, Mutations.Change(MakeRandom(4).Build(), 5, 300, EnumerateAll));

    [Fact]
    [Trait("Category", "Slow")]
    public void Enumerate_ChangedOften_EndsInTime() =>
        Assert.Equal(0, Mutations.Change(MakeRandom(5).Build(), 6, 2500, EnumerateAll));

    internal static PageTableBuilder MakeRandom(int seed)
    {
        var random = new Random(seed);
        var builder = new PageTableBuilder();
        for (int i = 0; i < 200; i++)
        {
            // Small pages in the lower half of each 1 GiB, large ones in the upper: a table is never mapped over.
            int level = random.Next(4) == 0 ? 1 : 0;
            ulong gigabyte = (ulong)random.Next(2) << 30 | (random.Next(2) == 0 ? 0 : 0xffff_8000_0000_0000);
            ulong address =
                level == 0
                    ? gigabyte + ((ulong)random.Next(64) << 12)
                    : gigabyte + (1UL << 29) + ((ulong)random.Next(16) << 21);
            ulong physical = level == 0 ? (ulong)random.Next(64) << 12 : (ulong)random.Next(64) << 21;
            ulong flags = Present | (random.Next(2) == 0 ? Write : 0) | (random.Next(2) == 0 ? NoExecute : 0);
            builder.Map(address, physical, flags, level);
        }

        return builder;
    }

    private static void EnumerateAll(byte[] bytes)
    {
        var map = new PageTableMap(
            ToMemory(bytes),
            new PageTableBuilder().Paging,
            new PageTableMapOptions { MaxTables = 200 }
        );
        ulong behind = 0;
        foreach (PageRange range in map.Enumerate())
        {
            Assert.True(range.Start >= behind && range.Size > 0);
            behind = range.Last;
        }
    }
}
