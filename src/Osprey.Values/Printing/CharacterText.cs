using System.Globalization;
using System.Text;

namespace Osprey.Values.Printing;

/// <summary>Formats characters and strings as in C, without characters that could control a terminal.</summary>
internal static class CharacterText
{
    private const int FirstPrintable = 0x20;
    private const int Delete = 0x7f;
    private const int MaxOctal = 0x1ff;
    private const int FirstPrintableLatin = 0xa0;

    /// <summary>Formats a character in single quotes.</summary>
    public static string Quote(uint code, int width, string prefix)
    {
        var text = new StringBuilder(prefix).Append('\'');
        Append(text, code, width, '\'');
        return text.Append('\'').ToString();
    }

    /// <summary>
    /// Appends characters in double quotes. More than <paramref name="threshold"/> equal ones in a row are written as
    /// <c>'x' &lt;repeats 20 times&gt;</c>.
    /// </summary>
    public static void AppendString(
        StringBuilder text,
        ReadOnlySpan<uint> codes,
        int width,
        string prefix,
        int threshold
    )
    {
        if (codes.Length == 0)
        {
            text.Append(prefix).Append("\"\"");
            return;
        }

        bool isOpen = false;
        bool isFirst = true;
        for (int i = 0; i < codes.Length; )
        {
            int run = 1;
            while (i + run < codes.Length && codes[i + run] == codes[i])
                run++;

            if (run > threshold)
            {
                text.Append(isOpen ? "\"" : "").Append(isFirst ? "" : ", ");
                text.Append(Quote(codes[i], width, prefix))
                    .Append(CultureInfo.InvariantCulture, $" <repeats {run} times>");
                isOpen = false;
                i += run;
            }
            else
            {
                if (!isOpen)
                    text.Append(isFirst ? "" : ", ").Append(prefix).Append('"');

                isOpen = true;
                if (
                    (width == 1 && codes[i] >= 0x80 && TryTakeUtf8(codes[i..], out Rune rune, out int taken))
                    || (width == 2 && TryTakePair(codes[i..], out rune, out taken))
                )
                {
                    text.Append(rune.ToString());
                    i += taken;
                }
                else
                {
                    for (int end = i + run; i < end; i++)
                        Append(text, codes[i], width, '"');
                }
            }

            isFirst = false;
        }

        if (isOpen)
            text.Append('"');
    }

    private static void Append(StringBuilder text, uint code, int width, char quote)
    {
        switch (code)
        {
            case '\a':
                text.Append("\\a");
                break;
            case '\b':
                text.Append("\\b");
                break;
            case '\f':
                text.Append("\\f");
                break;
            case '\n':
                text.Append("\\n");
                break;
            case '\r':
                text.Append("\\r");
                break;
            case '\t':
                text.Append("\\t");
                break;
            case '\v':
                text.Append("\\v");
                break;
            case '\\':
                text.Append("\\\\");
                break;
            case < Delete and >= FirstPrintable:
                text.Append(code == quote ? "\\" : "").Append((char)code);
                break;
            case >= FirstPrintableLatin when width > 1 && Rune.IsValid(code) && IsPrintable(new Rune(code)):
                text.Append(new Rune(code).ToString());
                break;
            default:
                if (code <= MaxOctal)
                    AppendOctal(text, code);
                else
                    text.Append(CultureInfo.InvariantCulture, $"\\x{code:x}");

                break;
        }
    }

    private static void AppendOctal(StringBuilder text, uint value) =>
        text.Append('\\')
            .Append((char)('0' + (value >> 6)))
            .Append((char)('0' + (value >> 3 & 7)))
            .Append((char)('0' + (value & 7)));

    private static bool TryTakeUtf8(ReadOnlySpan<uint> codes, out Rune rune, out int taken)
    {
        Span<byte> bytes = stackalloc byte[4];
        int count = 0;
        for (; count < codes.Length && count < bytes.Length; count++)
            bytes[count] = (byte)codes[count];

        return Rune.DecodeFromUtf8(bytes[..count], out rune, out taken) == System.Buffers.OperationStatus.Done
            && IsPrintable(rune);
    }

    /// <summary>Takes the two halves of a character of UTF-16.</summary>
    private static bool TryTakePair(ReadOnlySpan<uint> codes, out Rune rune, out int taken)
    {
        taken = 2;
        rune = default;
        return codes.Length >= 2
            && codes[0] <= char.MaxValue
            && codes[1] <= char.MaxValue
            && Rune.TryCreate((char)codes[0], (char)codes[1], out rune)
            && IsPrintable(rune);
    }

    private static bool IsPrintable(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}
