using System.Text;
using Osprey.Cli.Rendering;
using Osprey.Traces.Text;

namespace Osprey.Tests.Cli.Rendering;

public class TextTableTests
{
    [Fact]
    public void Write_Rows_AlignsThemUnderTheHeading()
    {
        var table = new TextTable(["NAME", "SIZE", "STATE"], 1);
        table.Add("a long name", "7", "running");
        table.Add("", "123456", "");
        Assert.Equal("NAME           SIZE  STATE\na long name       7  running\n             123456  \n", Write(table));
    }

    [Fact]
    public void Write_NoRows_IsTheHeading() => Assert.Equal("A  B\n", Write(new TextTable(["A", "B"])));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1, "1 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1536, "1536 B")]
    [InlineData(5UL << 20, "5 MiB")]
    [InlineData(3UL << 30, "3 GiB")]
    [InlineData(1UL << 60, "1048576 TiB")]
    [InlineData(ulong.MaxValue, "18446744073709551615 B")]
    public void SizeText_AnySize_IsInTheLargestUnitThatKeepsItWhole(ulong size, string expected) => Assert.Equal(expected, SizeText.Format(size));

    private static string Write(TextTable table)
    {
        var text = new Utf8Builder(100);
        table.Write(text);
        return Encoding.UTF8.GetString(text.Written);
    }
}
