namespace Osprey.Symbols.Types.Names;

/// <summary>Compares the names of template instances as users write them with those in debug info.</summary>
/// <remarks>
/// Users leave out the arguments that have a default (<c>std::vector&lt;int&gt;</c>), write the short names of the
/// standard library (<c>std::string</c>), and leave out inline namespaces. Debug info has all of these in full. Nothing
/// here knows what a template's defaults are: a name fits when it has the same arguments as far as it goes.
/// </remarks>
internal static class TemplateArguments
{
    /// <summary>Deepest nesting of arguments that is compared.</summary>
    private const int MaxDepth = 32;

    private static readonly string[] s_standardDefaults =
    [
        "std::allocator<",
        "std::char_traits<",
        "std::less<",
        "std::hash<",
        "std::equal_to<",
        "std::default_delete<",
        "std::deque<",
        "std::vector<",
    ];

    private static readonly (string Short, string Full)[] s_shortNames =
    [
        ("std::string", "std::basic_string<char>"),
        ("std::wstring", "std::basic_string<wchar_t>"),
        ("std::u16string", "std::basic_string<char16_t>"),
        ("std::u32string", "std::basic_string<char32_t>"),
        ("std::string_view", "std::basic_string_view<char>"),
        ("std::wstring_view", "std::basic_string_view<wchar_t>"),
    ];

    /// <summary>
    /// Splits the name of an instance: <c>a&lt;b, c&lt;d&gt;&gt;</c> has the arguments b and c&lt;d&gt;.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="template">The name before the arguments.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>False when it is not an instance.</returns>
    public static bool TrySplit(string name, out string template, out List<string> arguments)
    {
        template = name;
        arguments = [];
        name = name.Trim();
        if (name.Length == 0 || name[^1] != '>')
            return false;

        int depth = 0;
        int start = -1;
        for (int i = 0; i < name.Length; i++)
        {
            switch (name[i])
            {
                case '<':
                    if (depth++ == 0)
                    {
                        // The last list counts: "outer<int>::inner<long>".
                        template = name[..i].Trim();
                        arguments.Clear();
                        start = i + 1;
                    }

                    break;
                case '\'' when CharacterLiteral.FindEnd(name, i) is > 0 and int close:
                    i = close;
                    break;
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}':
                    depth--;
                    break;
                case '>' when i == 0 || name[i - 1] != '-':
                    if (--depth == 0)
                    {
                        if (start >= 0 && start <= i && name[start..i].Trim() is { Length: > 0 } last)
                            arguments.Add(last);

                        if (i + 1 == name.Length)
                            return template.Length > 0;
                    }

                    break;
                case ',' when depth == 1 && start >= 0:
                    arguments.Add(name[start..i].Trim());
                    start = i + 1;
                    break;
            }

            if (depth < 0)
                return false;
        }

        return false;
    }

    /// <summary>
    /// True when a name as written can mean a type's full name: the same, or the same but for arguments that were left
    /// out at the end.
    /// </summary>
    /// <param name="written">The name as written.</param>
    /// <param name="full">The full name.</param>
    /// <param name="getValue">
    /// Returns the value of an enumerator as <c>(type)number</c>; null when a name is that of none.
    /// </param>
    public static bool Fits(string written, string full, Func<string, string?>? getValue = null) =>
        Fits(Shorten(written), Shorten(full), getValue ?? (static _ => null), MaxDepth);

    /// <summary>
    /// True when all arguments of a full name that a name as written left out are the standard library's defaults.
    /// </summary>
    public static bool HasStandardDefaults(string written, string full)
    {
        if (!TrySplit(written, out _, out List<string> some) || !TrySplit(full, out _, out List<string> all))
            return false;

        for (int i = some.Count; i < all.Count; i++)
        {
            if (!s_standardDefaults.Any(name => Shorten(all[i]).StartsWith(name, StringComparison.Ordinal)))
                return false;
        }

        return true;
    }

    private static bool Fits(string written, string full, Func<string, string?> getValue, int depth)
    {
        if (NameHash.Of(written) == NameHash.Of(full))
            return true;

        if (ReadValue(written, getValue) is { } value && ReadValue(full, getValue) is { } fullValue)
            return value.Fits(fullValue);

        foreach ((string brief, string name) in s_shortNames)
        {
            if (written == brief)
                return depth > 0 && Fits(name, full, getValue, depth - 1);
        }

        // Signs and words around a template: "std::vector<int> const *".
        if (depth > 0 && written.Length > 0 && full.Length > 0 && written[^1] is '*' or '&' && written[^1] == full[^1])
            return Fits(written[..^1].TrimEnd(), full[..^1].TrimEnd(), getValue, depth - 1);

        if (depth > 0 && TryTakeConstant(ref written) && TryTakeConstant(ref full))
            return Fits(written, full, getValue, depth - 1);

        if (
            depth == 0
            || !TrySplit(written, out string template, out List<string> some)
            || !TrySplit(full, out string fullTemplate, out List<string> all)
            || some.Count > all.Count
            || some.Count == 0
            || NameHash.Of(template) != NameHash.Of(fullTemplate)
        )
            return false;

        for (int i = 0; i < some.Count; i++)
        {
            if (!Fits(some[i], all[i], getValue, depth - 1))
                return false;
        }

        return true;
    }

    private static ArgumentValue? ReadValue(string text, Func<string, string?> getValue) =>
        ArgumentValue.Read(text) ?? (getValue(text) is { } value ? ArgumentValue.Read(value) : null);

    private static bool TryTakeConstant(ref string name)
    {
        if (name.StartsWith("const ", StringComparison.Ordinal))
            name = name[6..].TrimStart();
        else if (name.EndsWith(" const", StringComparison.Ordinal))
            name = name[..^6].TrimEnd();
        else
            return false;

        return true;
    }

    /// <summary>Leaves out the standard libraries' inline namespaces.</summary>
    private static string Shorten(string name) =>
        name.Replace("std::__cxx11::", "std::", StringComparison.Ordinal)
            .Replace("std::__1::", "std::", StringComparison.Ordinal)
            .Trim();
}
