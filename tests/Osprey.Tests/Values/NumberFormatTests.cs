using System.Text;
using System.Text.Json;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Values;
using Osprey.Values.Printing;

namespace Osprey.Tests.Values;

/// <summary>Numbers and characters of a real program in which gdb is no judge: gdb refuses them, or rounds.</summary>
public sealed class NumberFormatTests
{
    [ToolFact("g++", "gdb")]
    public void Numbers_ThatGdbRefuses_AreExact()
    {
        using var program = new StoppedProgram("g++", "-O0 -gdwarf-5", "numbers.cc");

        Assert.Equal(
            [
                "1267650600228229401496703205378",
                "1.2676506002282294015e+30",
                "inf",
                "9223372036854775809",
                "10000000000000000000",
                "-1.5",
                "3 + -4i",
                "u\"a\U0001F600b\"",
                "u\"\\xd800x\\xdc00\"",
                "true",
                "error: Invalid cast.",
                "error: Invalid cast.",
                "error: Floating point numbers have no operator <<.",
            ],
            (
                (string[])
                    [
                        "wide + 1",
                        "(long double)wide",
                        "(float)unsigned_wide",
                        "(unsigned long)whole_number",
                        "(unsigned long)1e19",
                        "-half",
                        "complex_int",
                        "pair16",
                        "lone16",
                        "(bool)small",
                        "(long)vector",
                        "(int *)vector",
                        "1 << 1.5",
                    ]
            ).Select(expression => program.Print(expression))
        );
        Assert.Equal(
            [
                "0.333333333333333333342",
                "9.99999999999999999997e+3999",
                "0.333333333333333333333333333333333317",
                "\"nan(0xc000000000000000)\"",
                "[1,-2,3,4]",
                "[1,2,3,4,5,6,7,-128]",
                "\"3 \\u002B -4i\"",
            ],
            ((string[])["third", "large", "quad_third", "not_a_number", "vector", "chars", "complex_int"]).Select(
                name => ToJson(program.Evaluate(name))
            )
        );
    }

    [Theory]
    [InlineData("68c3a9ff00", "\"h\\u00E9\\\\xff\"")]
    [InlineData("c328a000", "\"\\\\xc3(\\\\xa0\"")]
    [InlineData("5c78ff00", "\"\\\\x\\\\xff\"")]
    [InlineData("5c78666600", "\"\\\\x5cxff\"")]
    [InlineData("5c786600", "\"\\\\xf\"")]
    [InlineData("f09f988000", "\"\\uD83D\\uDE00\"")]
    public void Json_BytesThatAreNotUtf8_AreEscaped(string bytes, string expected)
    {
        byte[] content = Convert.FromHexString(bytes);
        var space = new ValueSpace(new FakeMemory(0x1000, content));
        Value value = space.At(BuiltinTypes.ArrayOf(BuiltinTypes.Char, (ulong)content.Length), 0x1000);

        Assert.Equal(expected, ToJson(value));
    }

    private static string ToJson(Value value)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            ValueJson.Write(json, value);

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
