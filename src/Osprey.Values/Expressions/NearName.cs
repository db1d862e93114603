namespace Osprey.Values.Expressions;

/// <summary>Suggests the name that may have been meant by one that does not exist.</summary>
internal static class NearName
{
    private const int MaxLength = 60;
    private const int MaxNames = 5000;

    /// <summary>" Did you mean "x"?" with a blank before it; empty when nothing is near.</summary>
    public static string Suggest(string wanted, IEnumerable<string> names)
    {
        string? best = null;
        int least = Math.Max(1, wanted.Length / 3) + 1;
        foreach (string name in names.Take(MaxNames))
        {
            if (name.Length > MaxLength || wanted.Length > MaxLength || Math.Abs(name.Length - wanted.Length) >= least)
                continue;

            int edits = CountEdits(wanted, name);
            if (edits < least)
            {
                least = edits;
                best = name;
            }
        }

        return best is null ? "" : $" Did you mean \"{best}\"?";
    }

    /// <summary>Levenshtein's distance, row by row.</summary>
    private static int CountEdits(string left, string right)
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
