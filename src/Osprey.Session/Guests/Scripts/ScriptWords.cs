using System.Globalization;
using Osprey.Traces.Text;

namespace Osprey.Session.Guests.Scripts;

/// <summary>Words of scripts that several languages have.</summary>
public static class ScriptWords
{
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(24);

    /// <summary>How long a step waits where the script does not say.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads a time such as 500ms or 10s, 24 hours at most; a number alone is seconds.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan ReadTime(string text) =>
        TimeParser.TryParse(text, "s", out decimal nanoseconds)
        && nanoseconds >= 0
        && nanoseconds / TimeSpan.NanosecondsPerTick <= s_longest.Ticks
            ? TimeSpan.FromTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick))
            : throw new FormatException($"'{text}' is no time such as 500ms or 10s");

    /// <summary>Reads a whole number.</summary>
    /// <param name="text">The word.</param>
    /// <param name="least">The least that is possible.</param>
    /// <param name="most">The most that is possible.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static long ReadNumber(string text, long least, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        && number >= least
        && number <= most
            ? number
            : throw new FormatException(
                least == 0
                    ? $"'{text}' is no whole number up to {most}"
                    : $"'{text}' is no whole number from {least} to {most}"
            );

    /// <summary>A word as it is written: in quotes where it has blanks.</summary>
    public static string Quote(string word) =>
        word.Length == 0 || word.AsSpan().IndexOfAny(" \t#") >= 0 ? $"\"{word}\"" : word;

    /// <summary>Splits a line into words; none for an empty one or a comment.</summary>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    internal static List<string> Split(ReadOnlySpan<char> row)
    {
        var words = new List<string>();
        int at = 0;
        while (true)
        {
            while (at < row.Length && char.IsWhiteSpace(row[at]))
                at++;

            if (at == row.Length || row[at] == '#')
                return words;

            int end;
            if (row[at] == '"')
            {
                at++;
                end = row[at..].IndexOf('"') is >= 0 and var quote
                    ? at + quote
                    : throw new FormatException("a quote is not closed");
                words.Add(row[at..end].ToString());
                at = end + 1;
                continue;
            }

            end = at;
            while (end < row.Length && !char.IsWhiteSpace(row[end]))
                end++;

            words.Add(row[at..end].ToString());
            at = end;
        }
    }
}
