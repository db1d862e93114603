using System.Text.RegularExpressions;
using Osprey.Rest.Connection;

namespace Osprey.Rest.Tracepoints;

/// <summary>Names tracepoints: a glob, or a POSIX basic regular expression between slashes.</summary>
/// <remarks>
/// <c>vfs_open</c> is that one tracepoint, <c>vfs_*</c> all that begin so; <c>/open/</c> is all with "open" in the
/// name. The meaning does not depend on the guest's version, because we decide what matches.
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

    /// <summary>Whether it is a regular expression.</summary>
    public bool IsRegex => _regex is not null;

    /// <summary>The same as a <c>match</c> for the guest, equal in all its versions; null when there is none.</summary>
    public string? GuestMatch { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">A glob, or a basic regular expression between slashes.</param>
    /// <param name="regex">Takes the text as a basic regular expression, with or without slashes.</param>
    /// <exception cref="GuestRestException">It is empty or no such expression.</exception>
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
    /// The <c>match</c> for exactly one name; null when the name cannot be written the same for all guests.
    /// </summary>
    public static string? GuestMatchOf(string name) =>
        name.AsSpan().ContainsAny("*?[") ? null : new TracepointGlob(name).ToGuestMatch();

    /// <summary>Whether the pattern names this tracepoint.</summary>
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
    /// Anchors a search, if it is of plain characters and <c>.*</c> only: those mean the same to all guests.
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
