using System.Text;

namespace Osprey.Cli.Rendering.Screens;

/// <summary>Marks what is different from the look before.</summary>
internal static class LineChanges
{
    private const string On = "\u001b[7m";
    private const string Off = "\u001b[0m";

    /// <summary>Finds the words of a line that are different from what stood in their place before.</summary>
    /// <param name="before">The line in the same place at the look before; null when there was none.</param>
    /// <param name="now">The line.</param>
    /// <returns>The start and the length of each word, in order.</returns>
    public static IReadOnlyList<(int Start, int Length)> Find(string? before, string now)
    {
        var changes = new List<(int, int)>();
        for (int start = 0; start < now.Length; )
        {
            int end = start;
            while (end < now.Length && now[end] != ' ')
                end++;

            if (end > start && !IsSame(before ?? "", now, start, end))
                changes.Add((start, end - start));

            start = end + 1;
        }

        return changes;
    }

    /// <summary>Writes a line with its changes in reverse.</summary>
    public static string Mark(string? before, string now)
    {
        var text = new StringBuilder();
        int at = 0;
        foreach ((int start, int length) in Find(before, now))
        {
            text.Append(now.AsSpan(at, start - at)).Append(On).Append(now.AsSpan(start, length)).Append(Off);
            at = start + length;
        }

        return text.Append(now.AsSpan(at)).ToString();
    }

    /// <summary>A word is the same where the same letters stood, and it was a whole word.</summary>
    private static bool IsSame(string before, string now, int start, int end) =>
        before.Length >= end
        && before.AsSpan(start, end - start).SequenceEqual(now.AsSpan(start, end - start))
        && (before.Length == end || before[end] == ' ')
        && (start == 0 || before[start - 1] == ' ');
}
