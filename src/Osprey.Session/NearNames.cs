namespace Osprey.Session;

/// <summary>Finds the names that a user may have meant by one that does not exist.</summary>
public static class NearNames
{
    private const int MaxSuggestions = 5;
    private const int MaxLength = 100;

    /// <summary>The nearest names first; none when nothing is near.</summary>
    public static IReadOnlyList<string> Find(string wanted, IEnumerable<string> names)
    {
        string bare = string.Concat(wanted.Where(c => char.IsLetterOrDigit(c) || c is '_' or ' '));
        if (bare.Length is 0 or > MaxLength)
            return [];

        int farthest = Math.Max(2, bare.Length / 3);
        return
        [
            .. names.Distinct()
                .Where(name => name.Length <= MaxLength)
                .Select(name => (name, Distance: Distance(bare, name)))
                .Where(near => near.Distance <= farthest)
                .OrderBy(near => near.Distance)
                .ThenBy(near => near.name, StringComparer.Ordinal)
                .Take(MaxSuggestions)
                .Select(near => near.name),
        ];
    }

    /// <summary>Edits between two names; fewer than any edit when one holds the other.</summary>
    private static int Distance(string wanted, string name)
    {
        bool holds = wanted.Length > 2 && (name.Contains(wanted, StringComparison.OrdinalIgnoreCase) || (name.Length > 2 && wanted.Contains(name, StringComparison.OrdinalIgnoreCase)));
        return holds ? 0 : Edits(wanted, name);
    }

    /// <summary>Levenshtein's distance, row by row.</summary>
    private static int Edits(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
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
