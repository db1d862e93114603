using System.Globalization;

namespace Osprey.Traces.Formats.TextEvents;

/// <summary>Reads the numbers in texts of events.</summary>
internal static class TextNumber
{
    /// <summary>Reads a number, in decimal digits or hexadecimal ones behind 0x.</summary>
    public static bool TryParse(string text, out long number)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            return true;

        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        ulong bits = 0;
        bool isNumber = isHex
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bits)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bits);
        number = unchecked((long)bits);
        return isNumber;
    }

    /// <summary>Reads seconds with up to nine decimals as nanoseconds.</summary>
    public static bool TryParseSeconds(ReadOnlySpan<char> text, out ulong nanoseconds)
    {
        const ulong NanosecondsPerSecond = 1_000_000_000;
        nanoseconds = 0;
        int point = text.IndexOf('.');
        if (point < 0)
            return false;

        ReadOnlySpan<char> decimals = text[(point + 1)..];
        if (
            decimals.Length is 0 or > 9
            || !ulong.TryParse(text[..point], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seconds)
            || !ulong.TryParse(decimals, NumberStyles.None, CultureInfo.InvariantCulture, out ulong fraction)
            || seconds > (ulong.MaxValue / NanosecondsPerSecond) - 1
        )
            return false;

        for (int i = decimals.Length; i < 9; i++)
            fraction *= 10;

        nanoseconds = (seconds * NanosecondsPerSecond) + fraction;
        return true;
    }
}
