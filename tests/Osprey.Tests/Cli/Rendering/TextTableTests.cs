using System.Text;
using Osprey.Cli.Rendering.Text;
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

    private static string Write(TextTable table)
    {
        var text = new Utf8Builder(100);
        table.Write(text);
        return Encoding.UTF8.GetString(text.Written);
    }
}
