using Osprey.Traces.Text;

namespace Osprey.Tests.Traces.Text;

public sealed class Utf8BuilderTests
{
    [Fact]
    public void AppendDecimalAndHex_AnyWidth_FillOnTheLeft()
    {
        var text = new Utf8Builder(1);
        text.AppendDecimal(0);
        text.AppendDecimal(42, 5);
        text.AppendDecimal(42, 5, (byte)'0');
        text.AppendDecimal(ulong.MaxValue, 3);
        text.Append((byte)' ');
        text.AppendHex(0);
        text.AppendHex(0x0f00, 8);
        text.AppendHex(ulong.MaxValue, 2);

        Assert.Equal("0   420004218446744073709551615 000000f00ffffffffffffffff", text.ToString());
    }

    [Fact]
    public void AppendLeftAndRight_CountCharactersNotBytes()
    {
        var text = new Utf8Builder(1);
        text.AppendLeft("näme"u8, 6);
        text.Append((byte)'|');
        text.AppendRight("ä"u8, 3);
        text.Append((byte)'|');
        text.AppendLeft("longer than it"u8, 3);

        Assert.Equal("näme  |  ä|longer than it", text.ToString());
    }

    [Fact]
    public void AppendText_NotUtf8_IsReplacedAndCountsAsShown()
    {
        var text = new Utf8Builder(1);
        text.AppendLeft([0x61, 0xc3, 0x62, 0xe2, 0x82], 6);
        text.Append((byte)'|');

        Assert.Equal("a\ufffdb\ufffd  |", text.ToString());
    }

    [Fact]
    public void Truncate_ThenAppend_Overwrites()
    {
        var text = new Utf8Builder(2);
        text.Append("hello"u8);
        text.Truncate(2);
        text.Truncate(99);
        text.AppendRepeated((byte)'!', 3);
        text.AppendRepeated((byte)'?', -1);

        Assert.Equal("he!!!", text.ToString());
    }
}
