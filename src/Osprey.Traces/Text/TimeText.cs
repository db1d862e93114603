using Osprey.Traces.Formatting;

namespace Osprey.Traces.Text;

/// <summary>Writes times and durations as the trace tools show them.</summary>
public static class TimeText
{
    /// <summary>From here on a time in seconds as a double no longer rounds to the nearest nanosecond.</summary>
    private const ulong ExactAsDouble = 8_388_608_000_000_000;

    private static readonly (double Nanoseconds, string Name)[] s_units =
    [
        (3600e9, "h"),
        (60e9, "m"),
        (1e9, "s"),
        (1e6, "ms"),
        (1e3, "us"),
        (1, "ns"),
    ];

    /// <summary>Writes seconds with nine decimals, at least 12 characters wide: <c> 0.001000000</c>.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="nanoseconds">The time.</param>
    /// <param name="width">Least width in characters.</param>
    /// <param name="asDouble">
    /// Round as the reference does, through a double: digits differ from some 97 days on.
    /// </param>
    public static void AppendSeconds(Utf8Builder text, ulong nanoseconds, int width = 12, bool asDouble = false)
    {
        if (asDouble && nanoseconds >= ExactAsDouble)
        {
            int start = text.Length;
            text.AppendFormatted(nanoseconds / 1e9, "F9");
            PadLeft(text, start, width);
            return;
        }

        (ulong seconds, ulong fraction) = Math.DivRem(nanoseconds, 1_000_000_000);
        text.AppendDecimal(seconds, width - 10);
        text.Append((byte)'.');
        text.AppendDecimal(fraction, 9, (byte)'0');
    }

    /// <summary>Writes milliseconds with three decimals: <c>0.500</c>.</summary>
    public static void AppendMilliseconds(Utf8Builder text, double nanoseconds, int width = 0, int decimals = 3)
    {
        int start = text.Length;
        ulong whole = nanoseconds is >= 0 and < 1e15 ? (ulong)nanoseconds : 0;
        if (decimals == 3 && whole == nanoseconds && whole % 1000 != 500)
        {
            (ulong milliseconds, ulong fraction) = Math.DivRem((whole + 500) / 1000, 1000);
            text.AppendDecimal(milliseconds, width - 4);
            text.Append((byte)'.');
            text.AppendDecimal(fraction, 3, (byte)'0');
            return;
        }

        text.AppendFormatted(nanoseconds / 1e6, decimals == 3 ? "F3" : "F6");
        PadLeft(text, start, width);
    }

    /// <summary>Writes a duration in the largest unit that it fills: <c>123.46 ms</c>.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="nanoseconds">The duration. Below 1 the bare number is written.</param>
    /// <param name="isFractional">
    /// Write a whole number below 1 as <c>0.0</c>, as the reference does when trimming made it a fraction.
    /// </param>
    /// <param name="width">Least width in characters.</param>
    public static void AppendHuman(Utf8Builder text, double nanoseconds, bool isFractional = false, int width = 0)
    {
        int start = text.Length;
        foreach ((double unit, string name) in s_units)
        {
            if (nanoseconds < unit)
                continue;

            text.AppendFormatted(nanoseconds / unit, "F2");
            text.Append((byte)' ');
            text.Append(name);
            PadLeft(text, start, width);
            return;
        }

        if (isFractional || nanoseconds != Math.Floor(nanoseconds))
            text.Append(DoubleText.Shortest(nanoseconds));
        else
            text.AppendFormatted(nanoseconds, "F0");

        PadLeft(text, start, width);
    }

    /// <summary>As <see cref="AppendHuman"/>, as a string.</summary>
    public static string Human(double nanoseconds)
    {
        var text = new Utf8Builder(32);
        AppendHuman(text, nanoseconds);
        return text.ToString();
    }

    private static void PadLeft(Utf8Builder text, int start, int width)
    {
        int length = text.Length - start;
        if (length >= width)
            return;

        Span<byte> copy = stackalloc byte[64];
        text.Written[start..].CopyTo(copy);
        text.Truncate(start);
        text.AppendRepeated((byte)' ', width - length);
        text.Append(copy[..length]);
    }
}
