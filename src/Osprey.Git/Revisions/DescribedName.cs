namespace Osprey.Git.Revisions;

/// <summary>Names as <c>git describe</c> writes them: <c>v0.57.0-75-gb7150705</c>, tag, count, abbreviation.</summary>
public static class DescribedName
{
    private const string DirtyMark = "-dirty";

    /// <summary>Finds the abbreviation in a name; null when it is no such name.</summary>
    /// <param name="name">The name; <c>-dirty</c> behind it, for a commit that is not all, is passed over.</param>
    public static string? FindCommit(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string clean = name.EndsWith(DirtyMark, StringComparison.Ordinal) ? name[..^DirtyMark.Length] : name;
        int start = clean.Length;
        while (start > 0 && char.IsAsciiHexDigit(clean[start - 1]))
            start--;

        return start < clean.Length && start > 2 && clean[start - 1] == 'g' && clean[start - 2] == '-'
            ? clean[start..]
            : null;
    }
}
