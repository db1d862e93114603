namespace Osprey.Symbols.Types.Names;

/// <summary>
/// The spelling of a pointer to a function or to a member: <c>int (*)(long)</c>, <c>int space::part::*</c>,
/// <c>int (part::*)(long)</c>.
/// </summary>
/// <param name="Target">The type before the sign: of the result, or of the member.</param>
/// <param name="Container">The class of a pointer to a member; null for a pointer to a function.</param>
/// <param name="Signs">The stars of a pointer to a function, such as <c>**</c>.</param>
/// <param name="Parameters">The types of the parameters; null for a pointer to a data member.</param>
internal sealed record DeclaratorSpelling(
    string Target,
    string? Container,
    string Signs,
    IReadOnlyList<string>? Parameters
)
{
    /// <summary>Parses a spelling; null when it is another type's.</summary>
    public static DeclaratorSpelling? Parse(string text)
    {
        text = text.Trim();
        if (text.EndsWith("::*", StringComparison.Ordinal))
        {
            string before = text[..^3].TrimEnd();
            int blank = FindLast(before, ' ', before.Length);
            return blank > 0
                ? new DeclaratorSpelling(before[..blank].Trim(), before[(blank + 1)..].Trim(), "", null)
                : null;
        }

        if (text.Length == 0 || text[^1] != ')')
            return null;

        int parameters = FindLast(text, '(', text.Length - 1);
        string head = parameters > 0 ? text[..parameters].TrimEnd() : "";
        if (head.Length == 0 || head[^1] != ')')
            return null;

        int inner = FindLast(head, '(', head.Length - 1);
        string signs = inner > 0 ? head[(inner + 1)..^1].Trim() : "";
        bool isMember = signs.EndsWith("::*", StringComparison.Ordinal);
        if (!isMember && (signs.Length == 0 || signs.Trim('*').Length > 0))
            return null;

        string list = text[(parameters + 1)..^1].Trim();
        List<string> types = [];
        if (list.Length > 0 && list != "void" && !TemplateArguments.TrySplit($"f<{list}>", out _, out types))
            return null;

        return new DeclaratorSpelling(head[..inner].Trim(), isMember ? signs[..^3].Trim() : null, signs, types);
    }

    /// <summary>
    /// Finds the last place of a sign before an end that is not inside of brackets; -1 when there is none.
    /// </summary>
    private static int FindLast(string text, char sign, int end)
    {
        int depth = 0;
        for (int i = end - 1; i >= 0; i--)
        {
            if (depth == 0 && text[i] == sign)
                return i;

            if (text[i] is ')' or '>' or ']')
                depth++;
            else if (text[i] is '(' or '<' or '[')
                depth--;

            if (depth < 0)
                return -1;
        }

        return -1;
    }
}
