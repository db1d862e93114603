using System.Globalization;
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

    /// <summary>Each number of digits, around each border, in fields of each width, in a buffer without room.</summary>
    [Fact]
    public void AppendDecimalAndHex_AreThoseOfDotNet()
    {
        foreach (ulong value in CreateNumbers())
        {
            for (int width = -1; width < 24; width++)
            {
                var text = new Utf8Builder(1);
                text.AppendDecimal(value, width);
                text.Append((byte)'|');
                text.AppendDecimal(value, width, (byte)'0');
                text.Append((byte)'|');
                text.AppendHex(value, width);
                text.Append((byte)'|');
                text.AppendOctal(value, width);

                string number = value.ToString(CultureInfo.InvariantCulture);
                string octal = Convert.ToString(unchecked((long)value), 8);
                int size = Math.Max(width, 0);
                Assert.Equal(
                    $"{number.PadLeft(size)}|{number.PadLeft(size, '0')}|{value.ToString($"x{size}", null)}"
                        + $"|{octal.PadLeft(size, '0')}",
                    text.ToString()
                );
            }
        }
    }

    private static IEnumerable<ulong> CreateNumbers()
    {
        var random = new Random(1);
        for (int bit = 0; bit < 64; bit++)
        {
            yield return (1UL << bit) - 1;
            yield return 1UL << bit;
            yield return unchecked((ulong)random.NextInt64()) >> bit;
        }

        for (ulong power = 10; power < ulong.MaxValue / 10; power *= 10)
        {
            yield return power - 1;
            yield return power;
        }

        yield return 10_000_000_000_000_000_000;
        yield return ulong.MaxValue;
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
