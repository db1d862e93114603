namespace Osprey.Values.Expressions;

/// <summary>
/// Completes names such as <c>std::vector&lt;int&gt;</c> with the template's default arguments, because the names in
/// debug info have all arguments.
/// </summary>
internal static class DefaultArguments
{
    private const int MaxDepth = 16;
    private const string FullString = "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char>>";

    /// <summary>Gives the completed spellings of a name; none when it needs no completion.</summary>
    public static IEnumerable<string> Expand(string name)
    {
        if (!name.Contains('<', StringComparison.Ordinal) || !name.Contains("std::", StringComparison.Ordinal))
            yield break;

        // GCC writes a key's const after the type, clang before it.
        foreach (bool isConstBehind in new[] { true, false })
        {
            string expanded = Expand(name, isConstBehind, 0);
            if (expanded != name)
                yield return expanded;
        }
    }

    private static string Expand(string name, bool isConstBehind, int depth)
    {
        int open = name.IndexOf('<', StringComparison.Ordinal);
        if (open < 0 || depth > MaxDepth)
            return name;

        var arguments = new List<string>();
        int end = Split(name, open, arguments);
        if (end < 0)
            return name;

        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i].Trim();
            arguments[i] = argument == "std::string" ? FullString : Expand(argument, isConstBehind, depth + 1);
        }

        string template = name[..open].Trim();
        Complete(template, arguments, isConstBehind);
        string rest = name[(end + 1)..];
        if (rest.Contains('<', StringComparison.Ordinal))
            rest = Expand(rest, isConstBehind, depth + 1);

        return $"{template}<{string.Join(", ", arguments)}>{rest}";
    }

    /// <summary>
    /// Splits the arguments between a template's brackets. Returns the position of the closing one, or -1.
    /// </summary>
    private static int Split(string name, int open, List<string> arguments)
    {
        int depth = 0;
        int start = open + 1;
        for (int i = open; i < name.Length; i++)
        {
            switch (name[i])
            {
                case '<' or '(':
                    depth++;
                    break;
                case ',' when depth == 1:
                    arguments.Add(name[start..i]);
                    start = i + 1;
                    break;
                case ')':
                    depth--;
                    break;
                case '>' when --depth == 0:
                    arguments.Add(name[start..i]);
                    return i;
            }
        }

        return -1;
    }

    private static void Complete(string template, List<string> arguments, bool isConstBehind)
    {
        switch (template.StartsWith("const ", StringComparison.Ordinal) ? template[6..] : template)
        {
            case "std::vector"
            or "std::deque"
            or "std::list"
            or "std::forward_list"
            or "std::__cxx11::list" when arguments.Count == 1:
                arguments.Add(Allocator(arguments[0]));
                break;
            case "std::unique_ptr" when arguments.Count == 1:
                arguments.Add($"std::default_delete<{arguments[0]}>");
                break;
            case "std::set" or "std::multiset" when arguments.Count is 1 or 2:
                Add(arguments, 1, $"std::less<{arguments[0]}>");
                Add(arguments, 2, Allocator(arguments[0]));
                break;
            case "std::map" or "std::multimap" when arguments.Count is 2 or 3:
                Add(arguments, 2, $"std::less<{arguments[0]}>");
                Add(arguments, 3, Allocator(Pair(arguments, isConstBehind)));
                break;
            case "std::unordered_set" or "std::unordered_multiset" when arguments.Count is >= 1 and <= 3:
                Add(arguments, 1, $"std::hash<{arguments[0]}>");
                Add(arguments, 2, $"std::equal_to<{arguments[0]}>");
                Add(arguments, 3, Allocator(arguments[0]));
                break;
            case "std::unordered_map" or "std::unordered_multimap" when arguments.Count is >= 2 and <= 4:
                Add(arguments, 2, $"std::hash<{arguments[0]}>");
                Add(arguments, 3, $"std::equal_to<{arguments[0]}>");
                Add(arguments, 4, Allocator(Pair(arguments, isConstBehind)));
                break;
        }
    }

    private static void Add(List<string> arguments, int position, string argument)
    {
        if (arguments.Count == position)
            arguments.Add(argument);
    }

    private static string Allocator(string type) => $"std::allocator<{type}>";

    private static string Pair(List<string> arguments, bool isConstBehind) =>
        isConstBehind
            ? $"std::pair<{arguments[0]} const, {arguments[1]}>"
            : $"std::pair<const {arguments[0]}, {arguments[1]}>";
}
