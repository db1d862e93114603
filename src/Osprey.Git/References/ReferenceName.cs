namespace Osprey.Git.References;

/// <summary>The rules for names of references (git-check-ref-format), which keep paths within the repository.</summary>
internal static class ReferenceName
{
    /// <summary>The forms that a short name may stand for, in git's order.</summary>
    private static readonly string[] s_forms =
    [
        "{0}",
        "refs/{0}",
        "refs/tags/{0}",
        "refs/heads/{0}",
        "refs/remotes/{0}",
        "refs/remotes/{0}/HEAD",
    ];

    /// <summary>Gives the full names that a short one may stand for, in the order in which they are tried.</summary>
    public static IEnumerable<string> Expand(string name) =>
        s_forms.Select(form => form.Replace("{0}", name, StringComparison.Ordinal)).Where(IsFullName);

    /// <summary>Tells whether a name is one of a reference: below refs/, or one such as HEAD.</summary>
    public static bool IsFullName(string name) =>
        IsWellFormed(name)
        && (
            name.StartsWith("refs/", StringComparison.Ordinal)
            || name.All(letter => char.IsAsciiLetterUpper(letter) || letter is '_' or '-')
        );

    private static bool IsWellFormed(string name) =>
        name.Length > 0
        && !name.Contains("..", StringComparison.Ordinal)
        && !name.Contains("@{", StringComparison.Ordinal)
        && !name.EndsWith('.')
        && name.All(letter => letter > ' ' && letter != '\x7f' && !"~^:?*[\\".Contains(letter))
        && name.Split('/').All(part => part.Length > 0 && part[0] != '.' && !part.EndsWith(".lock"));
}
