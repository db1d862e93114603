using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;
using static Osprey.Tests.Builders.Guests.PageTableBuilder;

namespace Osprey.Tests.Target.Architectures.X64;

public class PageTableWalkerTests
{
    private const PagePermissions ReadWrite = PagePermissions.Read | PagePermissions.Write;
    private const PagePermissions All = ReadWrite | PagePermissions.Execute | PagePermissions.User;

    [Theory]
    [InlineData(X64PagingMode.FourLevel, 0x2000_0034_5678UL, 0x9_9000UL, 0, 0x1000UL)]
    [InlineData(X64PagingMode.FourLevel, 0x4000_00ab_c123UL, 0xa0_0000UL, 1, 0x20_0000UL)]
    [InlineData(X64PagingMode.FourLevel, 0xffff_8000_4abc_d123UL, 0x4000_0000UL, 2, 0x4000_0000UL)]
    [InlineData(X64PagingMode.FiveLevel, 0x00ff_2000_0034_5678UL, 0x9_9000UL, 0, 0x1000UL)]
    [InlineData(X64PagingMode.FiveLevel, 0xff80_4000_00ab_c123UL, 0xa0_0000UL, 1, 0x20_0000UL)]
    [InlineData(X64PagingMode.Pae, 0xc034_5678UL, 0x9_9000UL, 0, 0x1000UL)]
    [InlineData(X64PagingMode.Pae, 0x40ab_c123UL, 0x1_00a0_0000UL, 1, 0x20_0000UL)]
    [InlineData(X64PagingMode.Legacy32, 0xc034_5678UL, 0x9_9000UL, 0, 0x1000UL)]
    [InlineData(X64PagingMode.Legacy32, 0x40ab_c123UL, 0x80_0000UL, 1, 0x40_0000UL)]
    public void Translate_MappedAddress_GivesItsPage(
        X64PagingMode mode,
        ulong address,
        ulong physical,
        int level,
        ulong pageSize
    )
    {
        var builder = new PageTableBuilder(mode);
        var walker = new PageTableWalker(
            builder.Map(address & ~(pageSize - 1), physical, Present | Write | User, level).BuildMemory(),
            builder.Paging
        );
        var expected = new Translation(new PhysicalAddress(physical + (address & (pageSize - 1))), pageSize);
        PageWalk walk = walker.Walk(address);

        Assert.True(walker.TryTranslate(address, out Translation found));
        Assert.Equal(expected, found);
        Assert.Equal((PageWalkOutcome.Mapped, expected, All), (walk.Outcome, walk.Translation, walk.Permissions));
    }

    [Fact]
    public void Flags_OfAnEntryWithBitsOfSoftware_AreThoseWithNames() =>
        Assert.Equal(
            PageTableEntryFlags.Present
                | PageTableEntryFlags.Write
                | PageTableEntryFlags.User
                | PageTableEntryFlags.Accessed
                | PageTableEntryFlags.Dirty
                | PageTableEntryFlags.NoExecute,
            // Linux's soft-dirty bit, and a protection key.
            new PageTableStep(1, 300, new PhysicalAddress(0x1_0001_8960), 0x8800_0001_0040_0867).Flags
        );

    [Fact]
    public void Walk_KeepsEachStep()
    {
        PageTableBuilder builder = new PageTableBuilder().Map(0x2000_0034_5000, 0x9_9000, Present | Write | NoExecute);
        PageWalk walk = new PageTableWalker(builder.BuildMemory(), builder.Paging).Walk(0x2000_0034_5678);

        Assert.Equal(
            [
                (4, 64, 0x1200UL, 0x2007UL),
                (3, 0, 0x2000, 0x3007),
                (2, 1, 0x3008, 0x4007),
                (1, 0x145, 0x4a28, 0x8000_0000_0009_9003),
            ],
            walk.Steps.Select(step => (step.Level, step.Index, step.Address.Value, step.Value!.Value))
        );
        Assert.Equal(
            PageTableEntryFlags.Present | PageTableEntryFlags.Write | PageTableEntryFlags.NoExecute,
            walk.Steps[3].Flags
        );
        Assert.Equal(ReadWrite, walk.Permissions);
    }

    [Fact]
    public void Walk_PermissionsOfAllLevels_AreCombined()
    {
        PageTableBuilder builder = new PageTableBuilder()
            .Map(0x0000, 0x5000, Present | Write | User, tableFlags: Present | User)
            .Map(0x40_0000_0000 * 2, 0x5000, Present | User, tableFlags: Present | Write | NoExecute);
        var walker = new PageTableWalker(builder.BuildMemory(), builder.Paging);

        Assert.Equal(PagePermissions.Read | PagePermissions.Execute | PagePermissions.User, walker.Walk(0).Permissions);
        Assert.Equal(PagePermissions.Read, walker.Walk(0x80_0000_0000).Permissions);
    }

    [Theory]
    [InlineData(0x9000UL, 0, PageWalkOutcome.NotPresent)]
    [InlineData(0x8_0000_0000_9003UL, 0, PageWalkOutcome.ProtectNone)]
    [InlineData(0x8_0000_0020_0083UL, 1, PageWalkOutcome.ProtectNone)]
    [InlineData(0x8_0000_0000_9003UL, 1, PageWalkOutcome.ReservedBits)]
    [InlineData(0x20_2083UL, 1, PageWalkOutcome.ReservedBits)]
    [InlineData(0x0083UL, 3, PageWalkOutcome.ReservedBits)]
    [InlineData(0x7_0000_0000_0003UL, 1, PageWalkOutcome.TableUnreadable)]
    public void Walk_EntryThatFaults_SaysWhy(ulong entry, int level, PageWalkOutcome outcome)
    {
        PageTableBuilder builder = new PageTableBuilder().SetEntry(0x1234_5000, level, entry);
        var walker = new PageTableWalker(builder.BuildMemory(), builder.Paging);
        PageWalk walk = walker.Walk(0x1234_5678);

        Assert.Equal((outcome, null, PagePermissions.None), (walk.Outcome, walk.Translation, walk.Permissions));
        Assert.False(walker.TryTranslate(0x1234_5678, out _));
    }

    [Fact]
    public void Walk_AttributeBit12OfALargePage_IsNotReserved()
    {
        PageTableBuilder builder = new PageTableBuilder().SetEntry(0, 1, 0x20_1083);

        Assert.Equal(
            new Translation(new PhysicalAddress(0x20_0010), 0x20_0000),
            new PageTableWalker(builder.BuildMemory(), builder.Paging).Walk(0x10).Translation
        );
    }

    [Theory]
    [InlineData(X64PagingMode.FourLevel, 0x8000_0000_0000UL)]
    [InlineData(X64PagingMode.FourLevel, 0xffff_7fff_ffff_ffffUL)]
    [InlineData(X64PagingMode.FiveLevel, 0x0100_0000_0000_0000UL)]
    [InlineData(X64PagingMode.Pae, 0x1_0000_0000UL)]
    [InlineData(X64PagingMode.None, 0x1_0000_0000UL)]
    public void Walk_AddressThatDoesNotExist_IsNotCanonical(X64PagingMode mode, ulong address)
    {
        var walker = new PageTableWalker(
            new PageTableBuilder().BuildMemory(),
            new X64Paging(mode, new PhysicalAddress(Root))
        );

        Assert.Equal(PageWalkOutcome.NotCanonical, walker.Walk(address).Outcome);
        Assert.False(walker.TryTranslate(address, out _));
    }

    [Theory]
    [InlineData(0x10UL, 0UL, 0UL, null, X64PagingMode.None, 0UL)]
    [InlineData(0x8000_0011UL, 0x1234_5fffUL, 0x10UL, null, X64PagingMode.Legacy32, 0x1234_5000UL)]
    [InlineData(0x8000_0011UL, 0x1234_5fffUL, 0x20UL, 0x800UL, X64PagingMode.Pae, 0x1234_5fe0UL)]
    [InlineData(0x8000_0011UL, 0x8000_0012_3456_7fffUL, 0x20UL, 0xd00UL, X64PagingMode.FourLevel, 0x12_3456_7000UL)]
    [InlineData(0x8000_0011UL, 0x12_3456_7fffUL, 0x20UL, null, X64PagingMode.FourLevel, 0x12_3456_7000UL)]
    [InlineData(0x8000_0011UL, 0x12_3456_7018UL, 0x1020UL, 0xd00UL, X64PagingMode.FiveLevel, 0x12_3456_7000UL)]
    public void FromRegisters_TellsTheMode(ulong cr0, ulong cr3, ulong cr4, ulong? efer, X64PagingMode mode, ulong root)
    {
        var registers = new RegisterSet(X64Architecture.Instance)
        {
            [X64Register.Cr0] = cr0,
            [X64Register.Cr3] = cr3,
            [X64Register.Cr4] = cr4,
            [X64Register.Efer] = efer,
        };
        X64Paging paging = X64Paging.FromRegisters(registers)!.Value;

        Assert.Equal((mode, root), (paging.Mode, paging.Root.Value));
    }

    [Fact]
    public void FromRegisters_Unknown_IsNull()
    {
        Assert.Null(X64Paging.FromRegisters(new RegisterSet(X64Architecture.Instance)));
        Assert.Null(
            X64Paging.FromRegisters(new RegisterSet(X64Architecture.Instance) { [X64Register.Cr0] = 0x8000_0001 })
        );
    }

    [Theory]
    [InlineData(0x2001UL, true)]
    [InlineData(0x2021UL, true)] // accessed, by QEMU
    [InlineData(0x2003UL, false)]
    [InlineData(0x8000_0000_0000_2001UL, false)]
    public void Translate_RootEntryOf32BitMode_HasFewerFlags(ulong entry, bool mapped)
    {
        PageTableBuilder builder = new PageTableBuilder(X64PagingMode.Pae)
            .Map(0, 0x5000, Present)
            .SetEntry(0, 2, entry);

        Assert.Equal(mapped, new PageTableWalker(builder.BuildMemory(), builder.Paging).TryTranslate(0, out _));
    }

    [Fact]
    public void Translate_LegacyLargePageOver4GiB_TakesItsHighBits()
    {
        PageTableBuilder builder = new PageTableBuilder(X64PagingMode.Legacy32).SetEntry(
            0x40_0000,
            1,
            0x80_0083 | (0x5 << 13)
        );

        Assert.Equal(
            0x5_0080_0123UL,
            new PageTableWalker(builder.BuildMemory(), builder.Paging).Walk(0x40_0123).Translation!.Value.Physical.Value
        );
    }
}
