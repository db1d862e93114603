using System.Buffers;
using System.Text;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>
/// Splits a line into words as a Unix shell does: quotes, backslashes, and comments behind a <c>#</c>.
/// </summary>
internal static class ShellWords
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(" \t'\"\\#");

    /// <summary>Splits a whole line.</summary>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static string[] Split(string line)
    {
        List<string> words = Split(line, out char open, out bool isBetween);
        if (open != '\0')
            throw new FormatException($"a quote {open} is not closed");

        if (isBetween)
            words.RemoveAt(words.Count - 1);

        return [.. words];
    }

    /// <summary>
    /// Splits a line that is being typed. The last word, which may be empty, is the one that the cursor is in.
    /// </summary>
    public static IReadOnlyList<string> SplitUnfinished(string line) => Split(line, out _, out _);

    /// <summary>Puts quotes around a word that would not be one word, or another one, without.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && !word.AsSpan().ContainsAny(s_special) ? word
        : word.Contains('\'', StringComparison.Ordinal) ? "\"" + EscapeInQuotes(word) + "\""
        : $"'{word}'";

    private static string EscapeInQuotes(string word) =>
        word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static List<string> Split(string line, out char open, out bool isBetween)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        isBetween = true;
        open = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (open == '\0' && char.IsWhiteSpace(c))
            {
                if (!isBetween)
                    words.Add(word.ToString());

                word.Clear();
                isBetween = true;
                continue;
            }

            if (isBetween && c == '#')
                break;

            isBetween = false;
            if (c == open)
                open = '\0';
            else if (open == '\0' && c is '\'' or '"')
                open = open == '\0' ? c : open;
            else if (c == '\\' && open != '\'' && i + 1 < line.Length && IsEscaped(line[i + 1], open))
                word.Append(line[++i]);
            else
                word.Append(c);
        }

        words.Add(word.ToString());
        return words;
    }

    /// <summary>Within double quotes a backslash stands for itself but before a quote or another one.</summary>
    private static bool IsEscaped(char next, char open) => open == '\0' || next is '"' or '\\';
}
