using System.IO.Enumeration;

namespace Osprey.Tracing.Control;

/// <summary>Patterns that names are held against, separated by commas or spaces.</summary>
/// <remarks>
/// A pattern is a glob that the whole name must match (<c>*</c> any text, <c>?</c> any character), or, between slashes,
/// a POSIX basic regular expression that is searched in the name, as OSv's REST API does it.
/// </remarks>
internal static class NamePatterns
{
    /// <summary>Reads patterns.</summary>
    /// <exception cref="ArgumentException">One of them is not a regular expression.</exception>
    public static Predicate<string> Parse(string patterns)
    {
        Predicate<string>[] parts =
        [
            .. patterns
                .Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(ParseOne),
        ];
        return name => Array.Exists(parts, matches => matches(name));
    }

    private static Predicate<string> ParseOne(string pattern)
    {
        if (pattern is ['/', .. var regex, '/'])
            return BasicRegex.Compile(regex);

        string escaped = pattern.Replace("\\", "\\\\", StringComparison.Ordinal);
        return name => FileSystemName.MatchesSimpleExpression(escaped, name, ignoreCase: false);
    }
}
