using Osprey.Binary;

namespace Osprey.Symbols;

/// <summary>Finds the names that a user may have meant by a name that does not exist.</summary>
public static class NearNames
{
    private const int MaxSuggestions = 5;
    private const int MaxSuggested = 3;
    private const int MaxLength = 100;

    // A program can have many and long names.
    private const int MaxProgramNames = 5000;
    private const int MaxProgramNameLength = 60;

    /// <summary>
    /// Finds similar names, the most similar first; none when no name is similar. Names are similar also when one
    /// contains the other.
    /// </summary>
    /// <param name="wanted">The name that does not exist.</param>
    /// <param name="names">The names that exist.</param>
    public static IReadOnlyList<string> Find(string wanted, IEnumerable<string> names)
    {
        string bare = string.Concat(wanted.Where(c => char.IsLetterOrDigit(c) || c is '_' or ' '));
        if (bare.Length is 0 or > MaxLength)
            return [];

        int farthest = Math.Max(2, bare.Length / 3);
        return
        [
            .. names
                .Distinct()
                .Where(name => name.Length <= MaxLength)
                .Select(name => (name, Distance: Distance(bare, name)))
                .Where(near => near.Distance <= farthest)
                .OrderBy(near => near.Distance)
                .ThenBy(near => near.name, StringComparer.Ordinal)
                .Take(MaxSuggestions)
                .Select(near => near.name),
        ];
    }

    /// <summary>Returns the end of a message about a name that does not exist: similar ones, or nothing.</summary>
    /// <param name="wanted">The name that does not exist.</param>
    /// <param name="names">The names that exist.</param>
    public static string Suggest(string wanted, IEnumerable<string> names) =>
        Find(wanted, names) is { Count: > 0 } near
            ? $"; did you mean {string.Join(" or ", near.Take(MaxSuggested).Select(MessageText.Shorten))}?"
            : "";

    /// <summary>
    /// Finds the name of a program that takes the fewest edits, at most one for three letters; the first of several.
    /// Null when all take more.
    /// </summary>
    /// <param name="wanted">The name that does not exist.</param>
    /// <param name="names">The names that exist; only the first 5,000 are compared, and only short ones.</param>
    public static string? FindNearest(string wanted, IEnumerable<string> names)
    {
        string? best = null;
        int least = Math.Max(1, wanted.Length / 3) + 1;
        foreach (string name in names.Take(MaxProgramNames))
        {
            if (
                name.Length > MaxProgramNameLength
                || wanted.Length > MaxProgramNameLength
                || Math.Abs(name.Length - wanted.Length) >= least
            )
                continue;

            int edits = Edits(wanted, name);
            if (edits < least)
            {
                least = edits;
                best = name;
            }
        }

        return best;
    }

    /// <summary>Counts the edits between two names; 0 when one contains the other.</summary>
    private static int Distance(string wanted, string name)
    {
        bool holds =
            wanted.Length > 2
            && (
                name.Contains(wanted, StringComparison.OrdinalIgnoreCase)
                || (name.Length > 2 && wanted.Contains(name, StringComparison.OrdinalIgnoreCase))
            );
        return holds ? 0 : Edits(wanted, name);
    }

    /// <summary>Computes Levenshtein's distance, row by row. For short names only: a row is on the stack.</summary>
    private static int Edits(string left, string right)
    {
        Span<int> row = stackalloc int[right.Length + 1];
        for (int j = 0; j < row.Length; j++)
            row[j] = j;

        for (int i = 0; i < left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int replaced = diagonal + (char.ToLowerInvariant(left[i]) == char.ToLowerInvariant(right[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, 1 + Math.Min(diagonal, row[j]));
            }
        }

        return row[^1];
    }
}
