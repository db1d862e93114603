using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Symbols.Modules;

public sealed class ModuleMapTests
{
    [Fact]
    public void Find_Address_GivesTheModuleThatHoldsIt()
    {
        var map = new ModuleMap();
        foreach (
            (string name, ulong start, ulong end) in ((string, ulong, ulong)[])
                [("b", 0x30, 0x40), ("big", 0x10, 0x100), ("a", 0x20, 0x28), ("empty", 0x50, 0x50)]
        )
            map.Add(new Module(name, start, end, LoadBias.None, default));

        string[] expected =
        [
            "f -",
            "10 big",
            "20 a",
            "27 a",
            "28 big",
            "30 b",
            "3f b",
            "40 big",
            "50 big",
            "ff big",
            "100 -",
        ];
        Assert.Equal(expected, expected.Select(line => Describe(line.Split(' ')[0])));

        string Describe(string address) => $"{address} {map.Find(Convert.ToUInt64(address, 16))?.Path ?? "-"}";
    }

    [Theory]
    [InlineData(ElfType.SharedObject, 0x1000UL, 0x5000UL, 0x4000UL)]
    [InlineData(ElfType.SharedObject, 0x1234UL, 0x5000UL, 0x4000UL)]
    [InlineData(ElfType.SharedObject, 0x1000UL, 0UL, 0xffff_ffff_ffff_f000UL)]
    [InlineData(ElfType.Executable, 0x40200000UL, 0UL, 0UL)]
    [InlineData(ElfType.Executable, 0x40200000UL, 0x40200000UL, 0UL)]
    public void FromBase_File_IsTheDistanceOfItsFirstPage(ElfType type, ulong linked, ulong start, ulong expected)
    {
        var elf = new ElfBuilder { Type = type };
        elf.AddText(linked, [0]);
        using ElfImage image = elf.BuildImage();
        var bias = LoadBias.FromBase(image, start);
        Assert.Equal(expected, bias.Value);
        Assert.Equal(linked, bias.ToLinkAddress(bias.ToAddress(linked)));
    }
}
