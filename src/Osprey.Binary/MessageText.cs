using System.Globalization;
using System.Text;

namespace Osprey.Binary;

/// <summary>Makes text that came from a file or a guest fit for a message: harmless to a terminal, and short.</summary>
public static class MessageText
{
    /// <summary>The most characters that a message shows of a name or another piece of a file.</summary>
    public const int MaxPiece = 100;

    /// <summary>The most characters of a whole message.</summary>
    public const int MaxMessage = 2000;

    private const string Cut = "...";

    /// <summary>Cuts a piece of a file to <see cref="MaxPiece"/> characters, and escapes it.</summary>
    public static string Shorten(string text) => Escape(Limit(text, MaxPiece));

    /// <summary>Escapes a whole message, and cuts one that is too long all the same.</summary>
    public static string Clean(string message) => Escape(Limit(message, MaxMessage));

    /// <summary>The same for a message of several lines, which keeps them.</summary>
    public static string CleanLines(string message) =>
        string.Join('\n', Limit(message, MaxMessage).Split('\n').Select(Escape));

    /// <summary>
    /// The text with what would move the cursor, change colours or turn the writing direction as <c>\x1b</c> or
    /// <c>\u202e</c>.
    /// </summary>
    public static string Escape(string text)
    {
        if (!text.EnumerateRunes().Any(NeedsEscape))
            return text;

        StringBuilder escaped = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!NeedsEscape(rune))
                escaped.Append(rune);
            else if (rune.Value < 0x100)
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            else
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        }

        return escaped.ToString();
    }

    private static string Limit(string text, int most)
    {
        if (text.Length <= most)
            return text;

        int length = most - Cut.Length;
        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + Cut;
    }

    private static bool NeedsEscape(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
