using Osprey.Binary;
using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Line;
using Osprey.Tests.Builders.Dwarf;

namespace Osprey.Tests.Binary.Dwarf;

public sealed class LineTableTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void TryFindRow_EachAddress_HasTheLastRowAtOrBeforeIt(int version)
    {
        LineTable table = Parse(Sample(version));
        Assert.Equal(version, table.Version);
        Assert.Null(table.Problem);
        string[] expected =
        [
            "0xfff none",
            "0x1000 /src/main.cc:10",
            "0x100f /src/main.cc:10",
            "0x1010 /src/lib/inner.hh:90",
            "0x1017 /src/lib/inner.hh:90",
            "0x1018 /src/lib/inner.hh:0",
            "0x101f /src/lib/inner.hh:0",
            "0x1020 none",
            "0x2000 /usr/x.h:1",
            "0x2004 none",
        ];
        Assert.Equal(expected, expected.Select(line => Describe(table, line.Split(' ')[0])));
    }

    [Fact]
    public void TryFindRow_SeveralRowsAtOneAddress_TakesTheLast()
    {
        LineTable table = Parse(
            new DwarfLineBuilder(4).File("a.c", 0).Address(0x10).Row(0, 1).Row(0, 1).Row(0, 1).End(4)
        );
        Assert.Equal("0x10 /src/a.c:4", Describe(table, "0x10"));
    }

    [Fact]
    public void TryFindRow_RowsOutOfOrder_AreSorted()
    {
        LineTable table = Parse(
            new DwarfLineBuilder(4).File("a.c", 0).Address(0x20).Row(0, 1).Address(0x10).Row(0, 1).Address(0x30).End(0)
        );
        Assert.Equal("0x18 /src/a.c:3", Describe(table, "0x18"));
        Assert.Equal("0x28 /src/a.c:2", Describe(table, "0x28"));
    }

    [Fact]
    public void TryFindRow_SequenceWithoutEnd_IsNotThere()
    {
        LineTable table = Parse(
            new DwarfLineBuilder(4).File("a.c", 0).Address(0x10).Row(0, 1).End(4).Address(0x20).Row(0, 1)
        );
        Assert.Equal(1, table.RowCount);
        Assert.Equal("0x20 none", Describe(table, "0x20"));
    }

    [Fact]
    public void Parse_SpecialAndConstOpcodes_AdvanceBoth()
    {
        var lines = new DwarfLineBuilder(4).File("a.c", 0).Address(0x100);
        lines.Program.Byte(13 + 5 + 1).Byte(8).Byte(13 + 14 + 5).Byte(9).UInt16(0x40).Byte(1);
        LineTable table = Parse(lines.End(1));
        Assert.Equal("0x100 /src/a.c:2", Describe(table, "0x100"));
        Assert.Equal("0x112 /src/a.c:2", Describe(table, "0x112"));
        Assert.Equal("0x152 /src/a.c:2", Describe(table, "0x152"));
        Assert.Equal(3, table.RowCount);
    }

    [Fact]
    public void Parse_LineRangeOfZero_KeepsWhatWasBefore()
    {
        var lines = new DwarfLineBuilder(4) { LineRange = 0 }
            .File("a.c", 0)
            .Address(0x10)
            .Row(0, 1)
            .End(4);
        lines.Program.Byte(200);
        LineTable table = Parse(lines);
        Assert.Equal("a line range of 0", table.Problem!.Problem);
        Assert.Equal("0x10 /src/a.c:2", Describe(table, "0x10"));
    }

    [Fact]
    public void Parse_MoreRowsThanAllowed_KeepsWhatWasBefore()
    {
        var lines = new DwarfLineBuilder(4).File("a.c", 0).Address(0x10).Row(0, 1).End(4).Address(0x1000);
        for (int i = 0; i < 1_000; i++)
            lines.Row(1, 1);

        LineTable table = Parse(lines.End(1), new ParseLimits { MaxLineRows = 300 });
        Assert.Equal("more than 300 rows in one line table", table.Problem!.Problem);
        Assert.Equal(1, table.RowCount);
    }

    [Fact]
    public void GetFilePath_NumberOutsideOfTheTable_IsNull()
    {
        LineTable table = Parse(Sample(4));
        Assert.Null(table.GetFilePath(0, "/src"));
        Assert.Null(table.GetFilePath(9, "/src"));
        Assert.Null(table.GetFilePath(-1, "/src"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void Parse_CutOrChangedAnywhere_GivesBadDataOrATable(int version)
    {
        byte[] section = Sample(version).Build();
        Assert.True(Mutations.Truncate(section, Read) > 0);
        Assert.True(Mutations.Change(section, seed: 4, count: 20_000, Read) > 0);

        static void Read(byte[] input)
        {
            LineTable table = LineTable.Parse(Sections(input), 0, 8, ParseLimits.Default);
            foreach (ulong address in (ulong[])[0, 0x1000, 0x1010, 0x2000, ulong.MaxValue])
            {
                if (table.TryFindRow(address, out LineRow row))
                    table.GetFilePath(row.File, "/src");
            }
        }
    }

    private static DwarfLineBuilder Sample(int version)
    {
        var lines = new DwarfLineBuilder(version);
        if (version >= 5)
            lines
                .Directory("/src")
                .Directory("lib")
                .File("main.cc", 0)
                .File("main.cc", 0)
                .File("inner.hh", 1)
                .File("/usr/x.h", 1);
        else
            lines.Directory("lib").File("main.cc", 0).File("inner.hh", 1).File("/usr/x.h", 1);

        lines.Address(0x2000).SetFile(3).Row(0, 0).End(4);
        return lines.Address(0x1000).Row(0, 9).SetFile(2).Row(0x10, 80).Row(8, -90).End(8);
    }

    private static LineTable Parse(DwarfLineBuilder lines, ParseLimits? limits = null) =>
        LineTable.Parse(Sections(lines.Build()), 0, 8, limits ?? ParseLimits.Default);

    private static DwarfSections Sections(byte[] lines) => new(name => name == ".debug_line" ? lines : default);

    private static string Describe(LineTable table, string address) =>
        table.TryFindRow(Convert.ToUInt64(address, 16), out LineRow row)
            ? $"{address} {table.GetFilePath(row.File, "/src")}:{row.Line}"
            : $"{address} none";
}
