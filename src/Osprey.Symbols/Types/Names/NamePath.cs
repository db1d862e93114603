namespace Osprey.Symbols.Types.Names;

/// <summary>Splits names as users write them.</summary>
internal static class NamePath
{
    /// <summary>Most parts of a name; real names have under 20.</summary>
    private const int MaxParts = 200;

    /// <summary>
    /// Splits a qualified name at its <c>::</c>, except inside brackets and quotes. Parts that name an anonymous
    /// namespace are left out. Null when a part is empty.
    /// </summary>
    public static List<string>? Split(string name)
    {
        var parts = new List<string>();
        int depth = 0;
        int start = 0;
        int i = name.StartsWith("::", StringComparison.Ordinal) ? start = 2 : 0;
        for (; i < name.Length; i++)
        {
            if (depth == 0 && IsOperator(name, i))
            {
                i = SkipOperator(name, i) - 1;
                continue;
            }

            switch (name[i])
            {
                case '<' or '(' or '[' or '{':
                    depth++;
                    break;
                case '>' or ')' or ']' or '}':
                    depth = Math.Max(0, depth - 1);
                    break;
                case '\'' when CharacterLiteral.FindEnd(name, i) is > 0 and int close:
                    i = close;
                    break;
                case '\'' when depth == 0:
                    int end = name.IndexOf('\'', i + 1);
                    i = end < 0 ? name.Length - 1 : end;
                    break;
                case ':' when depth == 0 && i + 1 < name.Length && name[i + 1] == ':':
                    if (!Add(parts, name[start..i]))
                        return null;

                    start = i + 2;
                    i++;
                    break;
            }
        }

        return Add(parts, name[start..]) && parts.Count > 0 && parts.Count <= MaxParts ? parts : null;
    }

    /// <summary>Returns the key of a qualified name in the index.</summary>
    public static ulong GetKey(IReadOnlyList<string> parts)
    {
        ulong key = NameHash.Root;
        foreach (string part in parts)
            key = NameHash.Combine(key, NameHash.Of(part));

        return key;
    }

    /// <summary>Returns the position of a function's parameters in its name; -1 when there are none.</summary>
    public static int FindParameters(string name)
    {
        int depth = 0;
        for (int i = 0; i < name.Length; i++)
        {
            if (depth == 0 && IsOperator(name, i))
            {
                i = SkipOperator(name, i) - 1;
                continue;
            }

            if (name[i] == '<')
                depth++;
            else if (name[i] == '>')
                depth--;
            else if (name[i] == '(' && depth == 0)
                return i;
        }

        return -1;
    }

    private static bool Add(List<string> parts, string part)
    {
        part = part.Trim();
        if (part.Length == 0)
            return false;

        if (part is not ("(anonymous namespace)" or "{anonymous}" or "<unnamed>"))
            parts.Add(part);

        return true;
    }

    private static bool IsOperator(string name, int index) =>
        name[index] == 'o'
        && string.CompareOrdinal(name, index, "operator", 0, 8) == 0
        && (index == 0 || !IsWord(name[index - 1]))
        && index + 8 < name.Length
        && !IsWord(name[index + 8]);

    private static int SkipOperator(string name, int index)
    {
        int i = index + 8;
        while (i < name.Length && name[i] == ' ')
            i++;

        if (string.CompareOrdinal(name, i, "()", 0, 2) == 0 || string.CompareOrdinal(name, i, "[]", 0, 2) == 0)
            return i + 2;

        while (i < name.Length && "<>=!+-*/%^&|~,".Contains(name[i], StringComparison.Ordinal))
            i++;

        return i;
    }

    private static bool IsWord(char item) => char.IsAsciiLetterOrDigit(item) || item is '_' or '$';
}
