using Osprey.Binary;
using Osprey.Guests.Linux.Symbols;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Symbols;

/// <summary>Texts of a kernel's symbols.</summary>
public sealed class SymbolTextTests
{
    private const string Map = """
        0000000000000000 A fixed_percpu_data
        0000000000001000 A cpu_info
        ffffffff81000000 T _text
        ffffffff81000000 T startup_64
        ffffffff81000040 t first
        ffffffff81000100 ? odd.name-1
        ffffffffc0000000 t of_module	[crc7]
        """;

    [Fact]
    public void Text_IsReadLineByLine()
    {
        Assert.True(SymbolText.IsOne(Map));
        var table = new SymbolTextTable(SymbolText.Read(new StringReader(Map), "map"));
        Assert.Equal(
            [
                new TableSymbol("fixed_percpu_data", 0, 0x1000),
                new TableSymbol("cpu_info", 0x1000, 0),
                new TableSymbol("_text", 0xffff_ffff_8100_0000, 0x40),
                new TableSymbol("startup_64", 0xffff_ffff_8100_0000, 0x40),
                new TableSymbol("first", 0xffff_ffff_8100_0040, 0xc0),
                new TableSymbol("odd.name-1", 0xffff_ffff_8100_0100, 0x3eff_ff00),
                new TableSymbol("of_module", 0xffff_ffff_c000_0000, 0) { Module = "crc7" },
            ],
            table.ListSymbols()
        );
        Assert.Equal("_text", table.FindTableSymbol(0xffff_ffff_8100_003f)?.Name);
        Assert.Equal("first", table.FindTableSymbol(0xffff_ffff_8100_0040)?.Name);
        Assert.Null(table.FindTableSymbol(0x1000));
        Assert.Null(table.FindTableSymbol(0xffff_ffff_8000_0000));
        var frames = new List<SymbolFrame>();
        Assert.True(table.TryResolve(0xffff_ffff_c000_0000, frames));
        Assert.Equal("of_module [crc7]", frames[0].Name);
    }

    [Theory]
    [InlineData("ffffffff81000000 T")]
    [InlineData("ffffffff81000000 T ")]
    [InlineData("ffffffff8100000 T _text")]
    [InlineData("ffffffff8100000g T _text")]
    [InlineData("ffffffff81000000 7 _text")]
    [InlineData("\u007fELF")]
    public void Line_OfAnotherForm_IsRefused(string line)
    {
        Assert.False(SymbolText.IsOne(line + "\n"));
        BadDataException refused = Assert.Throws<BadDataException>(() =>
            SymbolText.Read(new StringReader("ffffffff81000000 T _text\n" + line), "map")
        );
        Assert.Equal(
            "map+0x19: expected a line of an address, a letter and a name, such as 'ffffffff81000000 T _text'",
            refused.Message
        );
    }

    [Fact]
    public void Addresses_ThatWereHidden_AreSaid()
    {
        TableSymbol[] hidden = [new("_text", 0, 0), new("linux_banner", 0, 0)];
        TargetException refused = Assert.Throws<TargetException>(() =>
            SymbolText.Place(hidden, "kallsyms", new FakeLinux(64), FakeLinux.Start, acceptsAny: true)
        );
        Assert.Equal(
            "kallsyms: all addresses are 0: the kernel hid them from who copied it (kptr_restrict)",
            refused.Message
        );
    }
}
