using System.Globalization;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// A type as a user writes it: a name, and the types derived from it by the signs and words around the name.
/// </summary>
/// <param name="Name">The name, without <c>struct</c> and qualifiers.</param>
/// <param name="Keyword">
/// The keyword before it: <c>struct</c>, <c>class</c>, <c>union</c> or <c>enum</c>; null when there is none.
/// </param>
/// <param name="Derivations">
/// The derivations in order, from the name outwards: <c>*</c>, <c>&amp;</c>, <c>&amp;&amp;</c>, a qualifier, or
/// <c>[N]</c>.
/// </param>
internal sealed record TypeSpelling(string Name, string? Keyword, IReadOnlyList<string> Derivations)
{
    private const int MaxDerivations = 100;

    private static readonly string[] s_qualifiers = ["const", "volatile", "restrict", "__restrict", "_Atomic"];

    /// <summary>Parses a spelling; null when it is not a type's.</summary>
    public static TypeSpelling? Parse(string text)
    {
        var derivations = new List<string>();
        var arrays = new List<string>();
        string rest = text.Trim();
        string? keyword = null;
        while (rest.Length > 0)
        {
            if (derivations.Count + arrays.Count > MaxDerivations)
                return null;

            if (rest[^1] == ']' && rest.LastIndexOf('[') is > 0 and int open)
            {
                string count = rest[(open + 1)..^1].Trim();
                if (count.Length > 0 && !ulong.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                    return null;

                // "int [2][3]" is an array of two arrays of three: the last one is the innermost.
                arrays.Add($"[{count}]");
                rest = rest[..open].TrimEnd();
            }
            else if (rest.EndsWith("&&", StringComparison.Ordinal) && !IsOperator(rest, 2))
            {
                derivations.Insert(0, "&&");
                rest = rest[..^2].TrimEnd();
            }
            else if (rest[^1] is '*' or '&' && !IsOperator(rest, 1))
            {
                derivations.Insert(0, rest[^1..]);
                rest = rest[..^1].TrimEnd();
            }
            else if (TryTakeLast(ref rest, out string? qualifier))
            {
                derivations.Insert(0, qualifier);
            }
            else
            {
                break;
            }
        }

        var before = new List<string>();
        while (true)
        {
            int blank = rest.IndexOf(' ', StringComparison.Ordinal);
            string word = blank < 0 ? "" : rest[..blank];
            if (word is "const" or "volatile" or "_Atomic")
                before.Add(word);
            else if (word is "struct" or "class" or "union" or "enum")
                keyword = word;
            else if (word != "typename")
                break;

            rest = rest[(blank + 1)..].TrimStart();
        }

        derivations.InsertRange(0, before);
        derivations.AddRange(arrays);
        return rest.Length == 0 ? null : new TypeSpelling(rest, keyword, derivations);
    }

    private static bool IsOperator(string text, int length) =>
        text[..^length].TrimEnd().EndsWith("operator", StringComparison.Ordinal);

    private static bool TryTakeLast(ref string rest, out string qualifier)
    {
        foreach (string word in s_qualifiers)
        {
            if (
                rest.Length > word.Length
                && rest.EndsWith(word, StringComparison.Ordinal)
                && rest[^(word.Length + 1)] is ' ' or '*' or '&' or '>'
            )
            {
                rest = rest[..^word.Length].TrimEnd();
                qualifier = word.TrimStart('_') == "restrict" ? "restrict" : word;
                return true;
            }
        }

        qualifier = "";
        return false;
    }
}
