using System.Text;
using System.Text.RegularExpressions;
using Osprey.Rest.Connection;

namespace Osprey.Rest.Tracepoints;

/// <summary>Translates POSIX basic regular expressions, as OSv's C library reads them, to .NET's syntax.</summary>
/// <remarks>
/// In a basic expression <c>+ ? | ( ) { }</c> are plain characters; a backslash gives them their meaning. <c>*</c> at
/// the start and <c>^ $</c> in the middle are plain characters too. Like the C library, this accepts <c>\+ \? \|</c> in
/// addition to what POSIX requires. POSIX wants the leftmost longest match; that does not matter here, because callers
/// only ask whether there is a match.
/// </remarks>
internal sealed class PosixBasicRegex
{
    private const int MaxRepeat = 255; // RE_DUP_MAX
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(0.5);

    private readonly string _text;
    private readonly StringBuilder _regex = new();
    private readonly Stack<int> _open = new();
    private int _at;
    private int _groups;

    /// <summary>
    /// The start of the atom that a repetition sign here would repeat; -1 when the sign is a plain character here.
    /// </summary>
    private int _atom = -1;

    private PosixBasicRegex(string text) => _text = text;

    /// <summary>Makes the .NET regex that matches the same names as a basic expression.</summary>
    /// <exception cref="GuestRestException">It is not a basic regular expression.</exception>
    public static Regex Compile(string text)
    {
        PosixBasicRegex translation = new(text);
        translation.Translate();
        return new Regex(
            translation._regex.ToString(),
            RegexOptions.CultureInvariant | RegexOptions.Singleline,
            s_patience
        );
    }

    /// <summary>Makes the exception for an expression that is not valid.</summary>
    public static GuestRestException Bad(string text, string why) =>
        new(
            GuestRestProblem.BadRequest,
            $"'{ReplyText.Printable(text)}' is not a basic regular expression: {why}",
            "To match names with * and ? only, leave the slashes out."
        );

    private void Translate()
    {
        while (_at < _text.Length)
        {
            char c = _text[_at++];
            switch (c)
            {
                case '\\':
                    Escaped();
                    break;
                case '*' when _atom >= 0:
                    Repeat("*");
                    break;
                case '^' when AtStart():
                    _regex.Append("\\A");
                    _atom = -1;
                    break;
                case '$' when AtEnd():
                    _regex.Append("\\z");
                    _atom = -1;
                    break;
                case '.':
                    Atom(".");
                    break;
                case '[':
                    Atom(PosixBracket.Translate(_text, ref _at));
                    break;
                default:
                    Atom(Regex.Escape(c.ToString()));
                    break;
            }
        }

        if (_open.Count > 0)
            throw Bad(_text, "a \\( has no \\)");
    }

    private void Escaped()
    {
        if (_at == _text.Length)
            throw Bad(_text, "it ends in a backslash");

        char c = _text[_at++];
        switch (c)
        {
            case '(':
                _open.Push(_regex.Length);
                _groups++;
                _regex.Append('(');
                _atom = -1;
                break;
            case ')':
                if (!_open.TryPop(out int start))
                    throw Bad(_text, "a \\) has no \\(");
                _regex.Append(')');
                _atom = start;
                break;
            case '|':
                _regex.Append('|');
                _atom = -1;
                break;
            case '{':
                Interval();
                break;
            case '+' or '?' when _atom >= 0:
                Repeat(c.ToString());
                break;
            case >= '1' and <= '9':
                if (c - '0' > _groups - _open.Count)
                    throw Bad(_text, $"\\{c} refers to a group that is not there");
                Atom($"(?:\\{c})");
                break;
            case 'w':
                Atom("[A-Za-z0-9_]");
                break;
            case 'W':
                Atom("[^A-Za-z0-9_]");
                break;
            default:
                if (char.IsAsciiLetterOrDigit(c))
                    throw Bad(_text, $"\\{c} has no meaning");
                Atom(Regex.Escape(c.ToString()));
                break;
        }
    }

    /// <summary>Translates a repetition: <c>m\}</c>, <c>m,\}</c> or <c>m,n\}</c>.</summary>
    private void Interval()
    {
        int end = _text.IndexOf("\\}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw Bad(_text, "a \\{ has no \\}");
        if (_atom < 0)
            throw Bad(_text, "there is nothing for \\{ to repeat");

        string[] bounds = _text[_at..end].Split(',');
        int least = Bound(bounds[0]);
        int most = bounds.Length == 2 && bounds[1].Length > 0 ? Bound(bounds[1]) : MaxRepeat;
        if (bounds.Length > 2 || least > most)
            throw Bad(_text, "between \\{ and \\} belong one or two numbers, the smaller first");

        _at = end + 2;
        Repeat(
            bounds.Length == 1 ? $"{{{least}}}"
            : bounds[1].Length == 0 ? $"{{{least},}}"
            : $"{{{least},{most}}}"
        );
    }

    private int Bound(string digits) =>
        digits.Length is > 0 and <= 3 && digits.All(char.IsAsciiDigit) && int.Parse(digits) <= MaxRepeat
            ? int.Parse(digits)
            : throw Bad(_text, $"a repetition is a number up to {MaxRepeat}");

    private void Atom(string regex)
    {
        _atom = _regex.Length;
        _regex.Append(regex);
    }

    /// <summary>
    /// Repeats the last atom. Puts a group around it, so that a repetition can be repeated: .NET reads two repetition
    /// signs in a row as something else.
    /// </summary>
    private void Repeat(string repetition)
    {
        _regex.Insert(_atom, "(?:").Append(')').Append(repetition);
    }

    private bool AtStart() =>
        _at == 1 || (_at >= 3 && _text[_at - 3] == '\\' && _text[_at - 2] is '(' or '|' && _atom < 0);

    private bool AtEnd() =>
        _at == _text.Length || (_at + 1 < _text.Length && _text[_at] == '\\' && _text[_at + 1] is ')' or '|');
}
