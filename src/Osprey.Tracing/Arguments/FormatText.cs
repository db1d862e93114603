namespace Osprey.Tracing.Arguments;

/// <summary>A tracepoint's printf-like format, taken apart.</summary>
/// <remarks>The analyzer has this file, too, and runs on older frameworks: it has only what those have.</remarks>
internal static class FormatText
{
    /// <summary>Checks that a format and the arguments fit together.</summary>
    /// <returns>The reason why they don't, or null.</returns>
    public static string? FindMismatch(string format, string signature)
    {
        int argument = 0;
        int at = 0;
        while (TryFindConversion(format, ref at, out Conversion conversion))
        {
            if (conversion.Letter == '%')
                continue;
            if (conversion.Letter == '\0')
                return $"the conversion at {conversion.Start} of the format \"{format}\" is not one of printf's";
            if (argument == signature.Length)
                return $"the format \"{format}\" has more conversions than there are arguments ({signature.Length})";
            if (!Fits(conversion.Letter, signature[argument]))
            {
                string text = format.Substring(conversion.Start, conversion.End - conversion.Start);
                return $"argument {argument + 1} of the format \"{format}\" can't be printed by {text}";
            }

            argument++;
        }

        return argument < signature.Length
            ? $"the format \"{format}\" has {argument} conversions for {signature.Length} arguments"
            : null;
    }

    /// <summary>Finds the next conversion, from a position on, and moves the position behind it.</summary>
    public static bool TryFindConversion(string format, ref int at, out Conversion conversion)
    {
        conversion = default;
        int start = format.IndexOf('%', at);
        if (start < 0)
            return false;

        int i = start + 1;
        while (i < format.Length && format[i] is '-' or '+' or ' ' or '#' or '0')
            i++;
        int widthStart = i;
        while (i < format.Length && format[i] is >= '0' and <= '9')
            i++;
        int widthEnd = i;
        int precision = -1;
        if (i < format.Length && format[i] == '.')
        {
            int digits = ++i;
            while (i < format.Length && format[i] is >= '0' and <= '9')
                i++;
            precision = Number(format, digits, i);
        }

        bool isLong = i < format.Length && format[i] is 'l' or 'L';
        if (isLong || (i < format.Length && format[i] == 'h')) // one, as the readers of OSv's traces have it
            i++;
        bool known = i < format.Length && IsLetter(format[i]);
        conversion = new Conversion(
            start,
            known ? i + 1 : Math.Min(i + 1, format.Length),
            known ? format[i] : '\0',
            format.Substring(start + 1, widthStart - start - 1),
            Number(format, widthStart, widthEnd),
            precision,
            isLong
        );
        at = conversion.End;
        return true;
    }

    private static bool IsLetter(char c) =>
        c
            is 'd'
                or 'i'
                or 'u'
                or 'o'
                or 'x'
                or 'X'
                or 'c'
                or 's'
                or 'p'
                or 'f'
                or 'F'
                or 'e'
                or 'E'
                or 'g'
                or 'G'
                or '%';

    private static int Number(string digits, int start, int end)
    {
        if (end - start > 3)
            return 999;

        int number = 0;
        for (int i = start; i < end; i++)
            number = (number * 10) + (digits[i] - '0');
        return number;
    }

    private static bool Fits(char letter, char type) =>
        letter switch
        {
            's' => true,
            'f' or 'F' or 'e' or 'E' or 'g' or 'G' => type is not ('p' or '*' or 'c'),
            'd' or 'i' or 'u' => type is not ('p' or '*' or 'c'),
            'c' => type is 'c' or 'b' or 'B',
            _ => type is not ('p' or '*' or 'c' or 'f' or 'd'),
        };
}
