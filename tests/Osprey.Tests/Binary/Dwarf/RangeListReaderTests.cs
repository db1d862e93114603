using Osprey.Binary;
using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Lists;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Binary.Dwarf;

public sealed class RangeListReaderTests
{
    [Fact]
    public void Read_Version4_FollowsBaseAddresses()
    {
        var builder = new DwarfBuilder();
        builder
            .Section(".debug_ranges")
            .UInt64(0x10)
            .UInt64(0x20)
            .UInt64(ulong.MaxValue)
            .UInt64(0x5000)
            .UInt64(1)
            .UInt64(2)
            .UInt64(7)
            .UInt64(7)
            .UInt64(ulong.MaxValue - 1)
            .UInt64(ulong.MaxValue - 1)
            .UInt64(0)
            .UInt64(0);
        Assert.Equal("1010-1020 5001-5002", Read(builder, 4, new AttributeValue(DwarfForm.SectionOffset, 0)));
    }

    [Theory]
    [InlineData((ushort)DwarfForm.SectionOffset, 20UL)]
    [InlineData((ushort)DwarfForm.RangeListIndex, 1UL)]
    public void Read_Version5_KnowsEveryKindOfEntry(ushort form, ulong value)
    {
        DwarfBuilder builder = Version5();
        Assert.Equal(
            "1010-1020 a003-a005 c000-c010 a000-c000 a000-a008 e000-e004 f000-f002",
            Read(builder, 5, new AttributeValue((DwarfForm)form, value))
        );
    }

    [Fact]
    public void Read_Version5IndexOutsideOfTheTable_IsRefused()
    {
        var e = Assert.Throws<BadDataException>(() =>
            Read(Version5(), 5, new AttributeValue(DwarfForm.RangeListIndex, 999))
        );
        Assert.Equal(".debug_rnglists", e.DataSource);
    }

    [Fact]
    public void Read_MoreRangesThanAllowed_IsRefused()
    {
        var builder = new DwarfBuilder();
        for (ulong i = 0; i < 20; i++)
            builder.Section(".debug_ranges").UInt64(i * 2).UInt64((i * 2) + 1);

        var limits = new ParseLimits { MaxUnitRanges = 10 };
        var e = Assert.Throws<BadDataException>(() =>
            Read(builder, 4, new AttributeValue(DwarfForm.SectionOffset, 0), limits)
        );
        Assert.Equal("more than 10 address ranges", e.Problem);
    }

    [Theory]
    [InlineData(4, ".debug_ranges")]
    [InlineData(5, ".debug_rnglists")]
    public void Read_CutOrChangedAnywhere_GivesBadDataOrRanges(int version, string name)
    {
        DwarfBuilder builder = Version5();
        builder
            .Section(".debug_ranges")
            .UInt64(0x10)
            .UInt64(0x20)
            .UInt64(ulong.MaxValue)
            .UInt64(0x5000)
            .UInt64(0)
            .UInt64(0);
        AddUnit(builder, version);
        IReadOnlyDictionary<string, byte[]> sections = builder.Build();
        Assert.True(Mutations.Truncate(sections[name], Read) > 0);
        Assert.True(Mutations.Change(sections[name], seed: 5, count: 20_000, Read) > 0);

        void Read(byte[] input)
        {
            var info = new DebugInfo(
                new DwarfSections(section => section == name ? input : sections.GetValueOrDefault(section))
            );
            RangeListReader.Read(
                info.Units[0],
                new AttributeValue(DwarfForm.SectionOffset, version == 4 ? 0u : 20u),
                new AddressRangeList()
            );
        }
    }

    [Fact]
    public void AddressRangeTable_Sets_GiveRangesAndTheirUnits()
    {
        var builder = new DwarfBuilder();
        builder.AddAddressRanges(0x55, (0x1000UL, 0x10UL), (0x2000UL, 0UL));
        builder.AddAddressRanges(0x77);
        var ranges = new List<UnitAddressRange>();
        var units = new List<ulong>();
        AddressRangeTable.Read(builder.Build()[".debug_aranges"], false, ranges, units);
        Assert.Equal([new UnitAddressRange(0x1000, 0x1010, 0x55)], ranges);
        Assert.Equal([0x55, 0x77], units);
    }

    [Fact]
    public void AddressRangeTable_CutOrChangedAnywhere_GivesBadDataOrRanges()
    {
        var builder = new DwarfBuilder();
        builder.AddAddressRanges(0x55, (0x1000UL, 0x10UL), (0x2000UL, 0x20UL));
        byte[] section = builder.Build()[".debug_aranges"];
        Assert.True(Mutations.Truncate(section, Read) > 0);
        Assert.True(Mutations.Change(section, seed: 6, count: 20_000, Read) > 0);

        static void Read(byte[] input) => AddressRangeTable.Read(input, false, [], []);
    }

    private static DwarfBuilder Version5()
    {
        var builder = new DwarfBuilder();
        builder.Section(".debug_addr").UInt32(20).UInt16(5).Byte(8).Byte(0).UInt64(0xa000).UInt64(0xc000);
        DwarfWriter lists = builder.Section(".debug_rnglists");
        lists.UInt32(0).UInt16(5).Byte(8).Byte(0).UInt32(2).UInt32(0).UInt32(8);
        lists.Byte(4).Uleb(0x10).Uleb(0x20);
        lists.Byte(1).Uleb(0).Byte(4).Uleb(3).Uleb(5);
        lists.Byte(5).UInt64(0xc000).Byte(4).Uleb(0).Uleb(0x10);
        lists.Byte(2).Uleb(0).Uleb(1).Byte(3).Uleb(0).Uleb(8);
        lists.Byte(6).UInt64(0xe000).UInt64(0xe004).Byte(7).UInt64(0xf000).Uleb(2);
        lists.Byte(7).UInt64(ulong.MaxValue).Uleb(2).Byte(6).UInt64(5).UInt64(5);
        lists.Byte(0);
        return builder;
    }

    private static void AddUnit(DwarfBuilder builder, int version)
    {
        var root = new DwarfEntry(DwarfTag.CompileUnit).With(DwarfAttribute.LowPc, DwarfForm.Address, 0x1000);
        if (version >= 5)
        {
            root.With(DwarfAttribute.AddressBase, DwarfForm.SectionOffset, 8);
            root.With(DwarfAttribute.RangeListsBase, DwarfForm.SectionOffset, 12);
        }

        builder.AddUnit(version, root);
    }

    private static string Read(DwarfBuilder builder, int version, AttributeValue value, ParseLimits? limits = null)
    {
        AddUnit(builder, version);
        var info = new DebugInfo(builder.BuildSections(), limits);
        var ranges = new AddressRangeList();
        RangeListReader.Read(info.Units[0], value, ranges);
        return string.Join(' ', ranges.ToArray().Select(range => $"{range.Low:x}-{range.High:x}"));
    }
}
