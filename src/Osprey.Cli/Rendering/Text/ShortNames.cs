using System.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>
/// Makes C++ names short enough to read: the template arguments of the standard library are left out.
/// </summary>
/// <remarks>
/// <para>
/// A frame such as <c>std::_Function_handler&lt;void (), a::b(...)::{lambda()#1}&gt;::_M_invoke(...)</c> says twice
/// what the next frame says once, and fills a screen. What a user wrote is kept: arguments of templates outside of the
/// standard library, parameters, lambdas.
/// </para>
/// <para>
/// A name is read from left to right, as the demangler wrote it. A qualified name that begins with <c>std::</c> or
/// <c>__gnu_cxx::</c> gets <c>&lt;...&gt;</c> for each list of arguments; strings get their usual name; the inline
/// namespaces <c>__cxx11</c> and <c>__1</c> and the mark <c>[abi:cxx11]</c> are dropped. The brackets of operators, and
/// those within parentheses, are no brackets of arguments. A name whose brackets do not match is left as it is, and so
/// is a text without such a name: nothing is made up.
/// </para>
/// </remarks>
internal static class ShortNames
{
    private const string Elided = "<...>";
    private const string AbiMark = "[abi:cxx11]";

    private static readonly string[] s_roots = ["std", "__gnu_cxx"];
    private static readonly string[] s_inlineNamespaces = ["__cxx11", "__1"];

    /// <summary>Shortens the names in a text, such as a line of a backtrace.</summary>
    public static string Shorten(string text)
    {
        if (!Array.Exists(s_roots, root => text.Contains(root + "::", StringComparison.Ordinal)))
            return text;

        var shortened = new StringBuilder(text.Length);
        int at = 0;
        while (at < text.Length)
        {
            if (!IsNamePart(text[at]))
            {
                shortened.Append(text[at++]);
                continue;
            }

            int end = EndOfWord(text, at);
            bool isRoot =
                Array.IndexOf(s_roots, text[at..end]) >= 0
                && Follows(text, end, "::")
                && !(at >= 2 && text.AsSpan(at - 2, 2).SequenceEqual("::"));
            if (!isRoot)
            {
                shortened.Append(text, at, end - at);
                at = end;
            }
            else if (!TryShortenQualified(text, ref at, shortened))
            {
                return text;
            }
        }

        return shortened.Replace(AbiMark, "").ToString();
    }

    /// <summary>Shortens one qualified name of the standard library.</summary>
    /// <returns>False when its brackets do not match.</returns>
    private static bool TryShortenQualified(string text, ref int at, StringBuilder shortened)
    {
        int start = shortened.Length;
        while (at < text.Length)
        {
            char c = text[at];
            if (IsNamePart(c))
            {
                int end = EndOfWord(text, at);
                string word = text[at..end];
                at = end;
                if (Array.IndexOf(s_inlineNamespaces, word) >= 0 && Follows(text, at, "::"))
                {
                    at += 2;
                    continue;
                }

                shortened.Append(word);
                if (word == "operator")
                    CopyOperator(text, ref at, shortened);
            }
            else if (c == ':' && Follows(text, at, "::"))
            {
                shortened.Append("::");
                at += 2;
            }
            else if (c == '<')
            {
                int end = FindClosing(text, at);
                if (end < 0)
                    return false;

                AppendElided(shortened, start, text.AsSpan(at + 1, end - at - 1));
                at = end + 1;
            }
            else
            {
                break;
            }
        }

        return true;
    }

    private static void AppendElided(StringBuilder shortened, int start, ReadOnlySpan<char> arguments)
    {
        string? usual =
            shortened.ToString(start, shortened.Length - start) != "std::basic_string" ? null
            : arguments is "char" || arguments.StartsWith("char,") ? "std::string"
            : arguments is "wchar_t" || arguments.StartsWith("wchar_t,") ? "std::wstring"
            : null;
        if (usual is null)
        {
            shortened.Append(Elided);
        }
        else
        {
            shortened.Length = start;
            shortened.Append(usual);
        }
    }

    /// <summary>Copies what stands behind the word <c>operator</c>; template arguments come after a blank.</summary>
    private static void CopyOperator(string text, ref int at, StringBuilder shortened)
    {
        int start = at;
        if (Follows(text, at, "()") || Follows(text, at, "[]"))
            at += 2;
        else
        {
            while (at < text.Length && "<>=-!+*/%&|^~,".Contains(text[at], StringComparison.Ordinal))
                at++;
        }

        bool isSymbol = at > start;
        shortened.Append(text, start, at - start);
        if (isSymbol && Follows(text, at, " <"))
        {
            shortened.Append(' ');
            at++;
        }
    }

    /// <summary>Finds the bracket that closes the one at a place; -1 when there is none.</summary>
    private static int FindClosing(string text, int open)
    {
        int depth = 0;
        int parentheses = 0;
        for (int at = open; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '(' or '{' or '[':
                    parentheses++;
                    break;
                case ')' or '}' or ']':
                    if (--parentheses < 0)
                        return -1;

                    break;
                case '-' when Follows(text, at, "->"):
                    at++;
                    break;
                case 'o' when Follows(text, at, "operator") && !IsNamePart(text[at - 1]):
                    at += "operator".Length;
                    while (at < text.Length && "<>=-".Contains(text[at], StringComparison.Ordinal))
                        at++;

                    at--;
                    break;
                case '<' when parentheses == 0:
                    depth++;
                    break;
                case '>' when parentheses == 0 && --depth == 0:
                    return at;
            }
        }

        return -1;
    }

    private static bool Follows(string text, int at, string expected) =>
        text.AsSpan(Math.Min(at, text.Length)).StartsWith(expected, StringComparison.Ordinal);

    private static int EndOfWord(string text, int at)
    {
        while (at < text.Length && IsNamePart(text[at]))
            at++;

        return at;
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$';
}
