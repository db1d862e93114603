using Osprey.Tests.Symbols.Oracle;
using Osprey.Traces.Text;

namespace Osprey.Tests.Traces.Text;

public sealed class TimeTextTests
{
    private const string HumanPrelude = """
        def human(time):
                for level, name in [(3600e9, 'h'), (60e9, 'm'), (1e9, 's'), (1e6, 'ms'), (1e3, 'us'), (1, 'ns')]:
                    if time >= level:
                        return '%.2f %s' % (float(time) / level, name)
                return str(time)
        """;

    [Theory]
    [InlineData(0UL, " 0.000000000")]
    [InlineData(1_000_000UL, " 0.001000000")]
    [InlineData(10_123_456_789UL, "10.123456789")]
    [InlineData(1_389_797_838_338_931_799UL, "1389797838.338931799")]
    [InlineData(ulong.MaxValue, "18446744073.709551615")]
    public void Seconds_AreExact(ulong nanoseconds, string expected) =>
        Assert.Equal(expected, Write(text => TimeText.AppendSeconds(text, nanoseconds)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.5, "0.5")]
    [InlineData(0.00000005, "5e-08")]
    [InlineData(1, "1.00 ns")]
    [InlineData(999, "999.00 ns")]
    [InlineData(1000, "1.00 us")]
    [InlineData(1125, "1.12 us")]
    [InlineData(1375, "1.38 us")]
    [InlineData(999_999, "1000.00 us")]
    [InlineData(123_456_789, "123.46 ms")]
    [InlineData(59_999_000_000, "60.00 s")]
    [InlineData(60_000_000_000, "1.00 m")]
    [InlineData(86_400_000_000_000, "24.00 h")]
    public void Human_TakesTheLargestUnitThatIsFilled(double nanoseconds, string expected) =>
        Assert.Equal(expected, TimeText.Human(nanoseconds));

    [Fact]
    public void Human_WholeNumberMadeByTrimming_ShowsThatItIsAFraction() =>
        Assert.Equal(
            ("0.0", "0.25", "  1.00 ns"),
            (
                Write(text => TimeText.AppendHuman(text, 0, isFractional: true)),
                Write(text => TimeText.AppendHuman(text, 0.25, isFractional: true)),
                Write(text => TimeText.AppendHuman(text, 1, isFractional: true, width: 9))
            )
        );

    [ToolFact("python3")]
    public void Seconds_AsDouble_ArePythons()
    {
        ulong[] values = Times(3000);

        string[] expected = PythonOracle.Evaluate("'%12.9f' % (float(int(line)) / 1000000000)", Lines(values));

        Assert.Equal(
            expected,
            values.Select(value => Write(text => TimeText.AppendSeconds(text, value, asDouble: true)))
        );
    }

    [ToolFact("python3")]
    public void Seconds_Wider_ArePythons()
    {
        ulong[] values = Times(1000);

        string[] expected = PythonOracle.Evaluate(
            "'%19s' % ('%d.%09d' % divmod(int(line), 1000000000))",
            Lines(values)
        );

        Assert.Equal(expected, values.Select(value => Write(text => TimeText.AppendSeconds(text, value, 19))));
    }

    [ToolFact("python3")]
    public void Milliseconds_ArePythons()
    {
        ulong[] values = [.. Times(3000), .. Enumerable.Range(0, 2000).Select(i => ((ulong)i * 1000) + 500)];

        string[] expected = PythonOracle.Evaluate(
            "'%7s' % ('%4.3f' % (float(int(line)) / 1e6)) + '%13s' % ('%4.6f' % (float(int(line)) / 1e6))",
            Lines(values)
        );

        Assert.Equal(
            expected,
            values.Select(value =>
                Write(text =>
                {
                    TimeText.AppendMilliseconds(text, value, 7);
                    TimeText.AppendMilliseconds(text, value, 13, decimals: 6);
                })
            )
        );
    }

    [ToolFact("python3")]
    public void Milliseconds_Negative_ArePythons()
    {
        long[] values = [.. Times(500).Select(value => -(long)(value % 1_000_000_000_000))];

        string[] expected = PythonOracle.Evaluate(
            "'%7s' % ('%4.3f' % (float(int(line)) / 1e6))",
            [.. values.Select(value => value.ToString())]
        );

        Assert.Equal(expected, values.Select(value => Write(text => TimeText.AppendMilliseconds(text, value, 7))));
    }

    [ToolFact("python3")]
    public void Human_IsPythons()
    {
        ulong[] values =
        [
            .. Times(3000),
            .. Enumerable.Range(0, 1000).Select(i => ((ulong)i * 10) + 5),
            .. Enumerable.Range(0, 1000).Select(i => ((ulong)i * 125) + 1000),
        ];

        string[] expected = PythonOracle.Evaluate("human(int(line))", Lines(values), HumanPrelude);

        Assert.Equal(expected, values.Select(value => TimeText.Human(value)));
    }

    [ToolFact("python3")]
    public void Human_OfFractions_IsPythons()
    {
        var random = new Random(5);
        double[] values =
        [
            .. Enumerable.Range(0, 1000).Select(_ => random.NextDouble() * Math.Pow(10, random.Next(-9, 16))),
        ];

        string[] expected = PythonOracle.Evaluate(
            "human(float(line))",
            [.. values.Select(value => value.ToString("R"))],
            HumanPrelude
        );

        Assert.Equal(
            expected,
            values.Select(value => Write(text => TimeText.AppendHuman(text, value, isFractional: true)))
        );
    }

    /// <summary>Times of every magnitude, ties among them.</summary>
    private static ulong[] Times(int count)
    {
        var random = new Random(count);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    i % 4 == 0
                        ? (ulong)random.Next(1, 100_000) * (ulong)Math.Pow(10, random.Next(0, 10)) / 2
                        : (ulong)random.NextInt64() >> random.Next(1, 63)
                ),
        ];
    }

    private static string[] Lines(ulong[] values) => [.. values.Select(value => value.ToString())];

    private static string Write(Action<Utf8Builder> write)
    {
        var text = new Utf8Builder(4);
        write(text);
        return text.ToString();
    }
}
