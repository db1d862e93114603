using System.Globalization;
using System.Text;
using Osprey.Tests.Builders.Traces;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Traces.Text;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Tests.Traces.Formatting;

public sealed class ArgumentFormatterTests
{
    [Theory]
    [InlineData("%d %x %u", "iIi", "-5 ff -1", "-5 ff 4294967295", -5, 255, -1)]
    [InlineData("0x%x", "i", "0x-1", "0xffffffff", -1)]
    [InlineData("%x", "b", "-2", "fe", -2)]
    [InlineData("%o", "h", "-1", "177777", -1)]
    [InlineData("%lu", "q", "-1", "18446744073709551615", -1)]
    [InlineData("%d", "?", "1", "1", true)]
    [InlineData("%s", "?", "True", "true", true)]
    [InlineData("%s", "i", "7", "7", 7)]
    [InlineData("%d", "d", "-2", "-2", -2.9)]
    [InlineData("%g %g %g", "ddf", "1e-07 2.5 100000", "1e-07 2.5 100000", 0.0000001, 2.5, 100000f)]
    [InlineData("%g", "d", "1e+06", "1e+06", 1_000_000.0)]
    [InlineData("%%cpu=%g", "d", "%cpu=0.5", "%cpu=0.5", 0.5)]
    [InlineData("0%0o", "I", "0644", "0644", 420)]
    [InlineData("%#x %#o", "II", "0xff 0o10", "0xff 010", 255, 8)]
    [InlineData("%5d|%-5d|%05d|%+d", "iiii", "   -7|7    |00007|+7", "   -7|7    |00007|+7", -7, 7, 7, 7)]
    [InlineData("%6s|%-6s|%.2s", "ppp", "    ab|cd    |ef", "    ab|cd    |ef", "ab", "cd", "efgh")]
    [InlineData("%05d|%06x|%04o|%u", "hhbb", "-0007|-000ff|-010|-1", "-0007|00ff01|0370|255", -7, -255, -8, -1)]
    [InlineData(
        "%05d|%2d|%02x",
        "qqq",
        "-9223372036854775808|-1|-1",
        "-9223372036854775808|-1|ffffffffffffffff",
        long.MinValue,
        -1L,
        -1L
    )]
    [InlineData("no arguments", "", "no arguments", "no arguments")]
    public void Append_Conversions_AreThoseOfPythonOrOfC(
        string format,
        string signature,
        string compat,
        string native,
        params object[] arguments
    ) =>
        Assert.Equal(
            (compat, native),
            (Format(format, signature, true, arguments), Format(format, signature, false, arguments))
        );

    [Fact]
    public void Append_PointersAndBlobs_HaveTheirOwnForms()
    {
        object[] arguments = [0xffff800000a01040UL, new byte[] { 0x0a, 0xff, 0 }, Array.Empty<byte>()];

        Assert.Equal("p=0xffff800000a01040, {0a ff 00} {}", Format("p=%p, %s %s", "P**", true, arguments));
        Assert.Equal("p=0xffff800000a01040, {0a ff 00} {}", Format("p=%p, %s %s", "P**", false, arguments));
    }

    [Theory]
    [InlineData("%d", "ii", "1, 2", 1, 2)]
    [InlineData("%d %d", "i", "1", 1)]
    [InlineData("%x", "d", "1.5", 1.5)]
    [InlineData("%d", "p", "text", "text")]
    [InlineData("%k", "i", "1", 1)]
    [InlineData("%", "i", "1", 1)]
    [InlineData("%99999d", "i", "1", 1)]
    [InlineData("", "p?P", "a, true, 0x0000000000000010", "a", true, 16UL)]
    public void Append_FormatThatDoesNotFit_IsAPlainList(
        string format,
        string signature,
        string expected,
        params object[] arguments
    )
    {
        Tracepoint tracepoint = CreateTracepoint(format, signature);

        Assert.False(new ArgumentFormatter(tracepoint, compat: false).FitsFormat);
        Assert.Equal(expected, Format(format, signature, false, arguments));
    }

    [Theory]
    [InlineData("%lld", true, false)]
    [InlineData("%lld", false, true)]
    [InlineData("%zd", false, true)]
    [InlineData("%zd", true, false)]
    [InlineData("%hd", true, true)]
    public void FitsFormat_LengthModifiers_AreOnesThatTheReferenceKnows(string format, bool compat, bool fits) =>
        Assert.Equal(fits, new ArgumentFormatter(CreateTracepoint(format, "q"), compat).FitsFormat);

    [ToolFact("python3")]
    public void Append_Integers_ArePythons()
    {
        var random = new Random(3);
        (string Format, long Value)[] cases =
        [
            .. Enumerable
                .Range(0, 5000)
                .Select(_ =>
                    (Conversion(random, "diuxXo"), random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64))
                ),
        ];

        string[] expected = PythonOracle.Evaluate(
            "'[' + line.split('|')[0] % int(line.split('|')[1]) + ']'",
            [.. cases.Select(item => $"{item.Format}|{item.Value}")]
        );

        Assert.Equal(expected, cases.Select(item => "[" + Format(item.Format, "q", true, item.Value) + "]"));
    }

    [ToolFact("python3")]
    public void Append_Floats_ArePythons()
    {
        var random = new Random(4);
        (string Format, double Value)[] cases =
        [
            .. Enumerable
                .Range(0, 5000)
                .Select(i => (Conversion(random, "feEgGFgg"), i % 50 == 0 ? Special(i) : Number(random))),
        ];

        string[] expected = PythonOracle.Evaluate(
            "'[' + line.split('|')[0] % float(line.split('|')[1]) + ']'",
            [.. cases.Select(item => $"{item.Format}|{NameForPython(item.Value)}")]
        );

        Assert.Equal(
            cases.Zip(expected, (item, text) => $"{item.Format} {item.Value:R}: {text}"),
            cases.Select(item => $"{item.Format} {item.Value:R}: [{Format(item.Format, "d", true, item.Value)}]")
        );
    }

    [ToolFact("python3")]
    public void Append_FloatsAsText_ArePythons()
    {
        var random = new Random(6);
        double[] cases =
        [
            .. Enumerable.Range(0, 3000).Select(_ => Number(random)),
            0,
            1e15,
            1e16,
            1e17,
            123456789012345680,
            0.0001,
            0.00001,
            -0.0,
        ];

        string[] expected = PythonOracle.Evaluate(
            "'%s' % float(line)",
            [.. cases.Select(value => value.ToString("R", CultureInfo.InvariantCulture))]
        );

        Assert.Equal(expected, cases.Select(value => Format("%s", "d", true, value)));
    }

    [ToolFact("python3")]
    public void Append_Text_IsPythons()
    {
        var random = new Random(7);
        (string Format, string Value)[] cases =
        [
            .. Enumerable
                .Range(0, 1000)
                .Select(_ =>
                    (Conversion(random, "s"), new[] { "", "a", "/usr/lib/fs", "ä€😀x", "%d", "{}" }[random.Next(6)])
                ),
        ];

        string[] expected = PythonOracle.Evaluate(
            "'[' + line.split('|')[0] % line.split('|')[1] + ']'",
            [.. cases.Select(item => $"{item.Format}|{item.Value}")]
        );

        Assert.Equal(expected, cases.Select(item => "[" + Format(item.Format, "p", true, item.Value) + "]"));
    }

    private static string Conversion(Random random, string letters)
    {
        string flags = string.Concat("-+ #0".Where(_ => random.Next(4) == 0));
        string width = random.Next(2) == 0 ? "" : random.Next(1, 25).ToString();
        string precision = random.Next(2) == 0 ? "" : "." + random.Next(0, 18);
        return $"%{flags}{width}{precision}{(random.Next(3) == 0 ? "l" : "")}{letters[random.Next(letters.Length)]}";
    }

    private static double Number(Random random) =>
        random.Next(4) switch
        {
            0 => random.Next(-2000, 2000) / 8.0,
            1 => random.Next(-100, 100),
            _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 22)),
        };

    private static double Special(int i) =>
        (i / 50 % 4) switch
        {
            0 => 0,
            1 => double.NaN,
            2 => double.PositiveInfinity,
            _ => double.NegativeInfinity,
        };

    private static string Format(string format, string signature, bool compat, params object[] arguments)
    {
        var text = new Utf8Builder(8);
        var sample = new BuiltSample(new BuiltTracepoint(1, "a", signature, format)) { Arguments = arguments };
        new ArgumentFormatter(CreateTracepoint(format, signature), compat).Append(text, sample.Payload());
        return text.ToString();
    }

    private static Tracepoint CreateTracepoint(string format, string signature) =>
        new(
            0,
            1,
            "a"u8,
            Encoding.UTF8.GetBytes(signature.Replace("p", "50p", StringComparison.Ordinal)),
            Encoding.UTF8.GetBytes(format)
        );

    /// <summary>Writes a number as Python's float() reads it.</summary>
    private static string NameForPython(double value)
    {
        if (double.IsFinite(value))
            return value.ToString("R", CultureInfo.InvariantCulture);

        return double.IsNaN(value) ? "nan"
            : value > 0 ? "inf"
            : "-inf";
    }
}
