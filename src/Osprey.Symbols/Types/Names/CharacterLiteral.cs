namespace Osprey.Symbols.Types.Names;

/// <summary>Reads characters in quotes, as they stand in the arguments of templates: <c>Box&lt;'a'&gt;</c>.</summary>
internal static class CharacterLiteral
{
    private const int LongestEscape = 12;

    /// <summary>
    /// Returns the position of the closing quote of the character that starts at a position; -1 when there is none
    /// there, as at a lifetime of Rust.
    /// </summary>
    public static int FindEnd(string text, int start)
    {
        if (start + 2 >= text.Length || text[start] != '\'')
            return -1;

        if (text[start + 1] != '\\')
            return text[start + 2] == '\'' ? start + 2 : -1;

        int end = text.IndexOf('\'', start + 3, Math.Clamp(text.Length - start - 3, 0, LongestEscape));
        return end;
    }

    /// <summary>Reads the character between two quotes; null when it is not understood.</summary>
    public static long? Read(string text)
    {
        if (text.Length < 3 || FindEnd(text, 0) != text.Length - 1)
            return null;

        string inner = text[1..^1];
        if (inner[0] != '\\')
            return inner.Length == 1 ? inner[0] : null;

        string rest = inner[1..];
        if (rest[0] is >= '0' and <= '7')
            return ReadDigits(rest, 8);

        return rest[0] switch
        {
            'x' or 'u' or 'U' => ReadDigits(rest[1..], 16),
            _ when rest.Length > 1 => null,
            'a' => 7,
            'b' => 8,
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            'e' => 27,
            char other => other,
        };
    }

    private static long? ReadDigits(string digits, int radix)
    {
        long value = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
                return null;

            value = (value * radix) + digit;
        }

        return digits.Length is > 0 and <= 8 ? value : null;
    }
}
