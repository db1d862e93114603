using System.Globalization;
using System.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Makes names that a guest sent harmless to a terminal.</summary>
internal static class TerminalText
{
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

    private static bool NeedsEscape(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
