namespace Osprey.Symbols;

/// <summary>Finds the names that a user may have meant by one that does not exist.</summary>
public static class NearNames
{
    private const int MaxSuggestions = 5;
    private const int MaxLength = 100;

    // A program's names may be many and long.
    private const int MaxProgramNames = 5000;
    private const int MaxProgramNameLength = 60;

    /// <summary>
    /// The nearest names first; none when nothing is near. Names are near, too, when one holds the other.
    /// </summary>
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

    /// <summary>
    /// The first of the names of a program that take fewest edits, one in three letters at most; null when all take
    /// more.
    /// </summary>
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

    /// <summary>Edits between two names; fewer than any edit when one holds the other.</summary>
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

    /// <summary>Levenshtein's distance, row by row. Short names only: a row is on the stack.</summary>
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
