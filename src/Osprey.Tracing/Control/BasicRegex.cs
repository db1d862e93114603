using System.Text;
using System.Text.RegularExpressions;

namespace Osprey.Tracing.Control;

/// <summary>POSIX basic regular expressions, as OSv's REST API takes them, in .NET's syntax.</summary>
/// <remarks>
/// In a basic expression <c>+ ? | ( ) { }</c> are plain characters, and have their meaning behind a backslash. The
/// engine takes a time in proportion to the text, whatever the expression, so that nobody can keep a service busy
/// with one.
/// </remarks>
internal static class BasicRegex
{
    private const int LongestExpression = 200;

    /// <summary>Makes the question whether an expression is found in a name.</summary>
    /// <exception cref="ArgumentException">It is not a basic regular expression.</exception>
    public static Predicate<string> Compile(string expression)
    {
        if (expression.Length > LongestExpression)
            throw new ArgumentException($"A regular expression has at most {LongestExpression} characters");

        Regex regex;
        try
        {
            regex = new Regex(
                Translate(expression),
                RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline
            );
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"'{expression}' is not a basic regular expression", e);
        }

        return regex.IsMatch;
    }

    private static string Translate(string text)
    {
        var regex = new StringBuilder();
        bool repeatable = false; // whether there is something before that a * can repeat
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool wasRepeatable = repeatable;
            repeatable = true;
            switch (c)
            {
                case '\\' when i + 1 == text.Length:
                    throw new ArgumentException("It ends in a backslash");
                case '\\':
                    repeatable = TranslateEscaped(text[++i], regex, wasRepeatable);
                    break;
                case '[':
                    i = TranslateSet(text, i, regex);
                    break;
                case '*' when wasRepeatable:
                    regex.Append(regex[^1] is '*' or '+' or '?' && !IsEscaped(regex) ? "" : "*");
                    break;
                case '^' when i == 0 || text[i - 1] is '(' or '|':
                    regex.Append("\\A");
                    repeatable = false;
                    break;
                case '$' when i + 1 == text.Length || text[i + 1] == '\\':
                    regex.Append("\\z");
                    break;
                case '.':
                    regex.Append('.');
                    break;
                default:
                    regex.Append(Regex.Escape(c.ToString()));
                    break;
            }
        }

        return regex.ToString();
    }

    private static bool IsEscaped(StringBuilder regex) => regex.Length > 1 && regex[^2] == '\\';

    private static bool TranslateEscaped(char c, StringBuilder regex, bool repeatable)
    {
        switch (c)
        {
            case '(' or '|':
                regex.Append(c);
                return false;
            case ')' or '}':
                regex.Append(c);
                return true;
            case '{' or '+' or '?' when repeatable:
                regex.Append(c);
                return true;
            case >= '0' and <= '9':
                throw new ArgumentException("It refers back to a group");
            default:
                regex.Append(c is 'w' or 'W' ? $"\\{c}" : Regex.Escape(c.ToString()));
                return true;
        }
    }

    /// <summary>Translates a set in brackets, and returns the position of the bracket that closes it.</summary>
    private static int TranslateSet(string text, int start, StringBuilder regex)
    {
        int i = start + 1;
        regex.Append('[');
        if (i < text.Length && text[i] == '^')
        {
            regex.Append('^');
            i++;
        }

        for (int first = i; ; i++)
        {
            if (i == text.Length)
                throw new ArgumentException("A bracket is not closed");
            if (text[i] == ']' && i > first)
                break;
            if (text[i] == '[' && i + 1 < text.Length && text[i + 1] == ':')
            {
                int end = text.IndexOf(":]", i + 2, StringComparison.Ordinal);
                if (end < 0)
                    throw new ArgumentException("A class of characters is not closed");
                regex.Append(Class(text[(i + 2)..end]));
                i = end + 1;
            }
            else
            {
                bool isRange = text[i] == '-' && i > first && i + 1 < text.Length && text[i + 1] != ']';
                if (!isRange && text[i] is '\\' or ']' or '[' or '^' || (!isRange && text[i] == '-'))
                    regex.Append('\\');
                regex.Append(text[i]);
            }
        }

        regex.Append(']');
        return i;
    }

    private static string Class(string name) =>
        name switch
        {
            "alnum" => "A-Za-z0-9",
            "alpha" => "A-Za-z",
            "blank" => " \\t",
            "digit" => "0-9",
            "lower" => "a-z",
            "punct" => "!-/:-@\\[-`{-~",
            "space" => "\\x09-\\x0d ",
            "upper" => "A-Z",
            "xdigit" => "0-9A-Fa-f",
            _ => throw new ArgumentException($"There is no class of characters called {name}"),
        };
}
