using Osprey.Binary;
using Osprey.Binary.Dwarf.Split;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Binary.Dwarf;

public sealed class PackageIndexTests
{
    [Theory]
    [InlineData(2, false)]
    [InlineData(5, false)]
    [InlineData(2, true)]
    [InlineData(5, true)]
    public void Read_TwoUnits_HaveTheirOffsets(int version, bool bigEndian)
    {
        Dictionary<ulong, UnitContribution> units = Read(Build(version, bigEndian), bigEndian);
        Assert.Equal(
            [
                new UnitContribution(0xabc1, 0, 10, 20, 30, 40, version == 5 ? 50ul : 0),
                new UnitContribution(0xabc2, 0x100, 11, 21, 31, 41, version == 5 ? 51ul : 0),
            ],
            units.Values.OrderBy(unit => unit.Unit)
        );
    }

    [Fact]
    public void Read_DamagedIndexes_AreRefusedOrReadInPart()
    {
        byte[] index = Build(5, false);
        Assert.True(Mutations.Truncate(index[..^8], bytes => Read(bytes, false)) > 20);
        Assert.True(Mutations.Change(index, seed: 3, count: 20_000, bytes => Read(bytes, false)) > 0);
    }

    private static Dictionary<ulong, UnitContribution> Read(byte[] bytes, bool bigEndian) =>
        PackageIndex.Read(bytes, ".debug_cu_index", bigEndian, false, ParseLimits.Default);

    private static byte[] Build(int version, bool bigEndian)
    {
        var index = new DwarfWriter { IsBigEndian = bigEndian };
        if (version == 5)
            index.UInt16(5).UInt16(0);
        else
            index.UInt32(2);

        index.UInt32(6).UInt32(2).UInt32(4);
        index.UInt64(0).UInt64(0xabc2).UInt64(0xabc1).UInt64(0);
        index.UInt32(0).UInt32(2).UInt32(1).UInt32(0);
        foreach (uint kind in (uint[])[1, 3, 4, 5, 6, 8])
            index.UInt32(kind);

        foreach (uint offset in (uint[])[0, 10, 20, 30, 40, 50, 0x100, 11, 21, 31, 41, 51])
            index.UInt32(offset);

        for (int i = 0; i < 12; i++)
            index.UInt32(8);

        return index.ToArray();
    }
}
