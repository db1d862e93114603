using Osprey.Tests.Symbols.Oracle;
using Osprey.Traces.Text;

namespace Osprey.Tests.Traces.Text;

public sealed class TimeParserTests
{
    private static readonly string[] s_units = ["ms", "us", "ns", "h", "m", "s"];

    [Theory]
    [InlineData("0.3", "s", 300_000_000)]
    [InlineData("0.3", "ns", 0.3)]
    [InlineData("5 ms", "s", 5_000_000)]
    [InlineData(" 5ms ", "s", 5_000_000)]
    [InlineData("1e3ns", "s", 1000)]
    [InlineData("-1s", "ns", -1_000_000_000)]
    [InlineData("1.5h", "s", 5_400_000_000_000)]
    [InlineData("2m", "s", 120_000_000_000)]
    [InlineData("7us", "s", 7000)]
    [InlineData("7µs", "s", 7000)]
    [InlineData("0", "s", 0)]
    public void TryParse_Times_AreNanoseconds(string text, string unit, double expected)
    {
        Assert.True(TimeParser.TryParse(text, unit, out decimal nanoseconds));
        Assert.Equal((decimal)expected, nanoseconds);
    }

    [Fact]
    public void TryParse_WallClock_IsExact()
    {
        Assert.True(TimeParser.TryParse("1389797838.338931799", "s", out decimal nanoseconds));
        Assert.Equal(1389797838338931799m, nanoseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ms")]
    [InlineData("2x")]
    [InlineData("1min")]
    [InlineData("1,5s")]
    [InlineData("0x10")]
    [InlineData("nan")]
    [InlineData("infs")]
    [InlineData("1e300")]
    [InlineData("--1")]
    [InlineData("1 2")]
    public void TryParse_OtherText_IsRefused(string text) =>
        Assert.False(TimeParser.TryParse(text, "s", out _) || TimeParser.TryParseAsReference(text, "s", out _));

    [ToolFact("python3")]
    public void TryParse_AgreesWithPython()
    {
        const string prelude = """
            def unit_of(text):
                for name in ['ms', 'us', 'ns', 'h', 'm', 's']:
                    if text.endswith(name):
                        return name, text.rstrip(name)
                return 's', text
            levels = {'h': 1e9 * 3600, 'm': 1e9 * 60, 's': 1e9, 'ms': 1e6, 'us': 1e3, 'ns': 1}
            def both(text):
                unit, number = unit_of(text)
                return '%s %s' % ((float(number) * levels[unit]).hex(), Fraction(number.strip()) * int(levels[unit]))
            """;
        var random = new Random(9);
        string[] texts = [.. Enumerable.Range(0, 3000).Select(_ => Write(random))];

        string[] expected = PythonOracle.Evaluate("both(line)", texts, prelude);

        for (int i = 0; i < texts.Length; i++)
        {
            string[] both = expected[i].Split(' ');
            Assert.True(TimeParser.TryParseAsReference(texts[i], "s", out double rounded), texts[i]);
            Assert.Equal((texts[i], ParseHex(both[0])), (texts[i], rounded));
            string[] fraction = both[1].Split('/');
            Assert.True(TimeParser.TryParse(texts[i], "s", out decimal exact), texts[i]);
            Assert.Equal(
                (texts[i], decimal.Parse(fraction[0])),
                (texts[i], exact * (fraction.Length > 1 ? decimal.Parse(fraction[1]) : 1))
            );
        }
    }

    private static string Write(Random random)
    {
        string number = random.Next(3) switch
        {
            0 => random.Next(100_000).ToString(),
            1 => $"{random.Next(10_000)}.{random.Next(1_000_000_000):D9}"[..^random.Next(9)],
            _ => $"{random.Next(1, 1000)}e{random.Next(-6, 6)}",
        };
        return (random.Next(10) == 0 ? "-" : "")
            + number
            + (random.Next(4) == 0 ? "" : new string(' ', random.Next(2)) + s_units[random.Next(s_units.Length)]);
    }

    /// <summary>Reads a number as Python's <c>float.hex</c> writes it.</summary>
    private static double ParseHex(string text)
    {
        bool isNegative = text.StartsWith('-');
        string digits = text.TrimStart('-')[2..];
        int mark = digits.IndexOf('p', StringComparison.Ordinal);
        string mantissa = digits[..mark].Replace(".", "", StringComparison.Ordinal);
        double value = Math.ScaleB(
            (double)Convert.ToUInt64(mantissa, 16),
            int.Parse(digits[(mark + 1)..]) - (4 * (mantissa.Length - 1))
        );
        return isNegative ? -value : value;
    }
}
