namespace Osprey.Tests.Builders.Rest;

/// <summary>
/// Searches as a guest since October 2024 does: with the part of POSIX basic expressions that has only <c>^ $ . *
/// []</c>.
/// </summary>
/// <remarks>
/// Written independently of the code that it tests. Every other character is plain, also <c>+ ? | ( ) { }</c>.
/// </remarks>
internal static class FakeRestMatch
{
    public static bool Search(string regex, string text)
    {
        if (regex.StartsWith('^'))
            return Here(regex[1..], text);
        for (int start = 0; start <= text.Length; start++)
        {
            if (Here(regex, text[start..]))
                return true;
        }

        return false;
    }

    private static bool Here(string regex, string text)
    {
        if (regex.Length == 0)
            return true;
        if (regex == "$")
            return text.Length == 0;

        int length = regex[0] == '[' ? regex.IndexOf(']', 2 + (regex[1] == '^' ? 1 : 0)) + 1 : 1;
        string atom = regex[..length];
        string rest = regex[length..];
        if (!rest.StartsWith('*'))
            return text.Length > 0 && One(atom, text[0]) && Here(rest, text[1..]);

        for (int count = 0; ; count++)
        {
            if (Here(rest[1..], text[count..]))
                return true;
            if (count == text.Length || !One(atom, text[count]))
                return false;
        }
    }

    private static bool One(string atom, char c)
    {
        if (atom == ".")
            return true;
        if (atom[0] != '[' || atom.Length == 1)
            return atom[0] == c;

        bool outside = atom[1] == '^';
        string set = atom[(outside ? 2 : 1)..^1];
        bool inside = false;
        for (int i = 0; i < set.Length; i++)
        {
            bool range = i + 2 < set.Length && set[i + 1] == '-';
            inside |= range ? c >= set[i] && c <= set[i + 2] : c == set[i];
            i += range ? 2 : 0;
        }

        return inside != outside;
    }
}
