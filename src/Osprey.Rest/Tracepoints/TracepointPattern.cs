using System.Text.RegularExpressions;
using Osprey.Rest.Connection;

namespace Osprey.Rest.Tracepoints;

/// <summary>
/// A pattern for the names of tracepoints: a glob, or a POSIX basic regular expression between slashes.
/// </summary>
/// <remarks>
/// <c>vfs_open</c> matches that one tracepoint, <c>vfs_*</c> all whose names begin so, and <c>/open/</c> all with
/// "open" in the name. The meaning does not depend on the guest's version, because this class decides what matches.
/// </remarks>
public sealed class TracepointPattern
{
    private readonly TracepointGlob? _glob;
    private readonly Regex? _regex;

    private TracepointPattern(string text, TracepointGlob? glob, Regex? regex, string? guestMatch)
    {
        Text = text;
        _glob = glob;
        _regex = regex;
        GuestMatch = guestMatch;
    }

    /// <summary>The pattern as the user wrote it.</summary>
    public string Text { get; }

    /// <summary>True for a regular expression, false for a glob.</summary>
    public bool IsRegex => _regex is not null;

    /// <summary>The pattern as a <c>match</c> that all guests read alike; null when it cannot be written so.</summary>
    internal string? GuestMatch { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">A glob, or a basic regular expression between slashes.</param>
    /// <param name="regex">True to read the text as a basic regular expression, with or without slashes.</param>
    /// <exception cref="GuestRestException">The text is empty, or not a valid expression.</exception>
    public static TracepointPattern Parse(string text, bool regex = false)
    {
        bool slashes = text.Length >= 2 && text[0] == '/' && text[^1] == '/';
        string inner = slashes ? text[1..^1] : text;
        if (inner.Length == 0)
            throw new GuestRestException(
                GuestRestProblem.BadRequest,
                "a tracepoint's name is empty",
                "To mean all tracepoints write '*'."
            );
        if (regex || slashes)
            return new TracepointPattern(text, null, PosixBasicRegex.Compile(inner), PortableSearch(inner));

        TracepointGlob glob = new(text);
        return new TracepointPattern(text, glob, null, glob.ToGuestMatch());
    }

    /// <summary>
    /// Makes the <c>match</c> for exactly one name; null when it cannot be written so that all guests read it alike.
    /// </summary>
    internal static string? GuestMatchOf(string name) =>
        name.AsSpan().ContainsAny("*?[") ? null : new TracepointGlob(name).ToGuestMatch();

    /// <summary>Returns true when the pattern matches a tracepoint's name.</summary>
    /// <exception cref="GuestRestException">The regular expression takes too long.</exception>
    public bool Matches(string name)
    {
        if (_regex is null)
            return _glob!.Matches(name);

        try
        {
            return _regex.IsMatch(name);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new GuestRestException(
                GuestRestProblem.BadRequest,
                $"{Text} takes too long to match",
                "Use a simpler regular expression."
            );
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>
    /// Anchors a regular expression of plain characters and <c>.*</c>, which all guests read alike; null for any other.
    /// </summary>
    private static string? PortableSearch(string regex)
    {
        bool fromStart = regex[0] == '^';
        bool toEnd = regex[^1] == '$' && regex.Length > 1;
        string body = regex[(fromStart ? 1 : 0)..(toEnd ? ^1 : ^0)];
        string plain = body.Replace(".*", "", StringComparison.Ordinal);
        bool portable = plain.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.');
        return portable ? (fromStart ? "^" : "^.*") + body + (toEnd ? "$" : ".*$") : null;
    }
}
