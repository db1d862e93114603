using System.Globalization;

namespace Osprey.Git.Revisions;

/// <summary>Parts of an expression: <c>BASE</c>, <c>~N</c>, <c>^N</c>, <c>^{TYPE}</c>, <c>:PATH</c>.</summary>
/// <param name="Base">A reference, a name of an object or an abbreviation.</param>
/// <param name="Suffixes">The suffixes, in order.</param>
/// <param name="Path">The path in the tree; null for none, empty for the tree itself.</param>
internal sealed record RevisionExpression(string Base, IReadOnlyList<RevisionSuffix> Suffixes, string? Path)
{
    private const int MaxSuffixes = 1_000;

    /// <summary>Takes an expression apart.</summary>
    /// <exception cref="GitException">It has a form that is not known.</exception>
    public static RevisionExpression Parse(string text)
    {
        if (text.StartsWith(':'))
            throw Bad(text, "names in the index and searches by message are not supported");

        if (text.Contains("@{", StringComparison.Ordinal))
            throw Bad(text, "reflogs (@{...}) are not supported");

        int end = FindColon(text);
        string? path = end < 0 ? null : text[(end + 1)..];
        string revision = end < 0 ? text : text[..end];
        int next = revision.AsSpan().IndexOfAny('^', '~');
        string name = next < 0 ? revision : revision[..next];
        if (name.Length == 0)
            throw Bad(text, "a name is missing");

        var suffixes = new List<RevisionSuffix>();
        while (next >= 0 && next < revision.Length)
        {
            if (suffixes.Count == MaxSuffixes)
                throw Bad(text, $"more than {MaxSuffixes} suffixes");

            suffixes.Add(ReadSuffix(text, revision, ref next));
        }

        return new RevisionExpression(name == "@" ? "HEAD" : name, suffixes, path);
    }

    /// <summary>Finds the colon before a path; one within braces is not it.</summary>
    private static int FindColon(string text)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '{')
                depth++;
            else if (text[i] == '}')
                depth--;
            else if (text[i] == ':' && depth == 0)
                return i;
        }

        return -1;
    }

    private static RevisionSuffix ReadSuffix(string text, string revision, ref int next)
    {
        int start = next;
        char sign = revision[next++];
        if (sign is not ('^' or '~'))
            throw Bad(text, $"expected ^ or ~ before '{revision[start..]}'");

        if (sign == '^' && next < revision.Length && revision[next] == '{')
        {
            int end = revision.IndexOf('}', next);
            if (end < 0)
                throw Bad(text, "a } is missing");

            string type = revision[(next + 1)..end];
            next = end + 1;
            return type is "commit" or "tree" or "blob" or "tag" or "object" or ""
                ? new RevisionSuffix(revision[start..next], type, 0, 0)
                : throw Bad(text, $"^{{{type}}} is not supported");
        }

        int digits = next;
        while (next < revision.Length && char.IsAsciiDigit(revision[next]))
            next++;

        int count = 1;
        ReadOnlySpan<char> number = revision.AsSpan(digits, next - digits);
        if (number.Length > 0 && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out count))
            throw Bad(text, $"{number} is out of range");

        string suffix = revision[start..next];
        return sign == '~' ? new RevisionSuffix(suffix, null, count, 1) : new RevisionSuffix(suffix, null, 1, count);
    }

    private static GitException Bad(string text, string problem) =>
        new(GitProblem.BadExpression, $"'{text}': {problem}");
}
