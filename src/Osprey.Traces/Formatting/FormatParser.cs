using System.Text;

namespace Osprey.Traces.Formatting;

/// <summary>Splits a printf-like format into literal text and conversions.</summary>
internal static class FormatParser
{
    private const int MaxWidth = 4096;

    /// <summary>Parses <paramref name="format"/>.</summary>
    /// <param name="format">Such as <c>"%s" 0x%x 0%0o</c>.</param>
    /// <param name="strict">Accept one of the length modifiers h, l, L as the reference does, and no other.</param>
    /// <returns>Null when it is not a format.</returns>
    public static FormatPiece[]? Parse(string format, bool strict)
    {
        var pieces = new List<FormatPiece>();
        var literal = new StringBuilder();
        for (int i = 0; i < format.Length; )
        {
            char character = format[i++];
            if (character != '%')
            {
                literal.Append(character);
                continue;
            }

            FormatFlags flags = FormatFlags.None;
            while (i < format.Length && FlagOf(format[i]) is var flag and not FormatFlags.None)
            {
                flags |= flag;
                i++;
            }

            int width = ReadNumber(format, ref i);
            int precision = -1;
            if (i < format.Length && format[i] == '.')
            {
                i++;
                precision = ReadNumber(format, ref i);
            }

            int modifiers = i;
            while (i < format.Length && (strict ? "hlL" : "hlLqjzt").Contains(format[i]) && (!strict || i == modifiers))
                i++;

            if (i == format.Length || width > MaxWidth || precision > MaxWidth)
                return null;

            char conversion = format[i++];
            if (conversion == '%')
            {
                literal.Append('%');
                continue;
            }

            if (!"diuoxXpscrfFeEgG".Contains(conversion))
                return null;

            pieces.Add(
                new FormatPiece(Encoding.UTF8.GetBytes(literal.ToString()), conversion, flags, width, precision)
            );
            literal.Clear();
        }

        pieces.Add(new FormatPiece(Encoding.UTF8.GetBytes(literal.ToString()), '\0', FormatFlags.None, 0, -1));
        return [.. pieces];
    }

    private static FormatFlags FlagOf(char character) =>
        character switch
        {
            '-' => FormatFlags.Left,
            '+' => FormatFlags.Plus,
            ' ' => FormatFlags.Space,
            '#' => FormatFlags.Alternate,
            '0' => FormatFlags.Zero,
            _ => FormatFlags.None,
        };

    private static int ReadNumber(string format, ref int i)
    {
        int number = 0;
        while (i < format.Length && char.IsAsciiDigit(format[i]))
            number = Math.Min((number * 10) + (format[i++] - '0'), MaxWidth + 1);

        return number;
    }
}
