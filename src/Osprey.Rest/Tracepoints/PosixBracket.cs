using System.Text;

namespace Osprey.Rest.Tracepoints;

/// <summary>Translates the bracket expressions of POSIX: <c>[abc]</c>, <c>[^a-z]</c>, <c>[[:digit:]_]</c>.</summary>
internal static class PosixBracket
{
    /// <summary>Translates one bracket expression to .NET's syntax.</summary>
    /// <param name="text">The whole regular expression.</param>
    /// <param name="at">The position after the opening bracket; afterwards, after the closing one.</param>
    public static string Translate(string text, ref int at)
    {
        StringBuilder set = new("[");
        if (at < text.Length && text[at] == '^')
        {
            set.Append('^');
            at++;
        }

        int first = at;
        while (true)
        {
            if (at >= text.Length)
                throw PosixBasicRegex.Bad(text, "a [ has no ]");
            if (text[at] == ']' && at > first)
                break;
            if (IsSpecial(text, at, ':'))
                set.Append(Class(text, Special(text, ref at)));
            else
                Range(text, ref at, set);
        }

        at++;
        return set.Append(']').ToString();
    }

    private static void Range(string text, ref int at, StringBuilder set)
    {
        char low = Single(text, ref at);
        Append(set, low);
        if (at + 1 >= text.Length || text[at] != '-' || text[at + 1] == ']')
            return;

        at++;
        char high = Single(text, ref at);
        if (high < low)
            throw PosixBasicRegex.Bad(text, $"the range {low}-{high} is empty");
        set.Append('-');
        Append(set, high);
    }

    private static char Single(string text, ref int at)
    {
        if (!IsSpecial(text, at, '.') && !IsSpecial(text, at, '='))
            return text[at++];

        string element = Special(text, ref at);
        return element.Length == 1 ? element[0] : throw PosixBasicRegex.Bad(text, $"{element} is not one character");
    }

    private static bool IsSpecial(string text, int at, char kind) =>
        at + 1 < text.Length && text[at] == '[' && text[at + 1] == kind;

    /// <summary>Reads <c>[:name:]</c>, <c>[.name.]</c> or <c>[=name=]</c> and returns the name.</summary>
    private static string Special(string text, ref int at)
    {
        int end = text.IndexOf($"{text[at + 1]}]", at + 2, StringComparison.Ordinal);
        if (end < 0)
            throw PosixBasicRegex.Bad(text, $"a [{text[at + 1]} has no {text[at + 1]}]");
        string name = text[(at + 2)..end];
        at = end + 2;
        return name;
    }

    private static string Class(string text, string name) =>
        name switch
        {
            "alnum" => "A-Za-z0-9",
            "alpha" => "A-Za-z",
            "blank" => " \\t",
            "cntrl" => "\\x00-\\x1f\\x7f",
            "digit" => "0-9",
            "graph" => "\\x21-\\x7e",
            "lower" => "a-z",
            "print" => "\\x20-\\x7e",
            "punct" => "!-/:-@\\[-`{-~",
            "space" => "\\x09-\\x0d ",
            "upper" => "A-Z",
            "xdigit" => "0-9A-Fa-f",
            _ => throw PosixBasicRegex.Bad(text, $"there is no class [:{name}:]"),
        };

    private static void Append(StringBuilder set, char c)
    {
        if (c is '\\' or ']' or '[' or '^' or '-')
            set.Append('\\');
        set.Append(c);
    }
}
