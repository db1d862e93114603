using System.Globalization;

namespace Osprey.Probes.Operands;

/// <summary>Reads the numbers in operands.</summary>
internal static class OperandNumber
{
    /// <summary>Reads a number, decimal or behind 0x, with or without a sign; it takes the whole text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        text = text.Trim();
        bool isNegative = text.StartsWith("-");
        if (isNegative || text.StartsWith("+"))
            text = text[1..];

        ulong magnitude;
        bool isNumber =
            text.StartsWith("0x") || text.StartsWith("0X")
                ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out magnitude)
                : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out magnitude);
        value = unchecked(isNegative ? (long)(0 - magnitude) : (long)magnitude);
        return isNumber;
    }

    /// <summary>
    /// Reads a sum of numbers and at most one symbol, in any order, such as <c>4+table</c> or <c>-8</c>;
    /// an empty text is 0.
    /// </summary>
    public static bool TryParseSum(ReadOnlySpan<char> text, out long value, out string? symbol)
    {
        value = 0;
        symbol = null;
        text = text.Trim();
        while (!text.IsEmpty)
        {
            int end = 1;
            while (end < text.Length && (text[end] is not ('+' or '-')))
                end++;

            ReadOnlySpan<char> part = text[..end];
            text = text[end..];
            if (TryParse(part, out long number))
            {
                value = unchecked(value + number);
                continue;
            }

            if (part.StartsWith("+"))
                part = part[1..];

            part = part.Trim();
            if (symbol is not null || !IsSymbol(part))
                return false;

            symbol = part.ToString();
        }

        return true;
    }

    private static bool IsSymbol(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
            return false;

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '$' or '@'))
                return false;
        }

        return true;
    }
}
