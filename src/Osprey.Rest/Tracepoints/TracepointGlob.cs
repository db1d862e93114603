using System.Buffers;
using System.Text;

namespace Osprey.Rest.Tracepoints;

/// <summary>
/// A name with wildcards: <c>*</c> any text, <c>?</c> any character, <c>[a-z]</c> one of a set, <c>[!a-z]</c> one
/// outside it.
/// </summary>
/// <remarks>The whole name must match. As in a shell, a bracket that is not closed is a plain character.</remarks>
internal sealed class TracepointGlob
{
    /// <summary>The characters in a set that the two kinds of guests read differently.</summary>
    private static readonly SearchValues<char> s_unlikeInSets = SearchValues.Create("[]\\^:.=");

    private readonly List<Element> _elements = [];

    public TracepointGlob(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            char c = text[at++];
            _elements.Add(
                c switch
                {
                    '*' => new Element(ElementKind.Any, ""),
                    '?' => new Element(ElementKind.One, ""),
                    '[' when Set(text, ref at) is { } set => set,
                    _ => new Element(ElementKind.Character, c.ToString()),
                }
            );
        }
    }

    private enum ElementKind
    {
        Character,
        One,
        Any,
        Set,
        OutsideSet,
    }

    public bool Matches(string name)
    {
        int element = 0;
        int at = 0;
        int star = -1;
        int starAt = 0;
        while (at < name.Length)
        {
            if (element < _elements.Count && _elements[element].Kind == ElementKind.Any)
            {
                star = element++;
                starAt = at;
            }
            else if (element < _elements.Count && _elements[element].Takes(name[at]))
            {
                element++;
                at++;
            }
            else if (star >= 0)
            {
                element = star + 1;
                at = ++starAt;
            }
            else
            {
                return false;
            }
        }

        while (element < _elements.Count && _elements[element].Kind == ElementKind.Any)
            element++;
        return element == _elements.Count;
    }

    /// <summary>Makes a regular expression from the glob that means the same to every guest.</summary>
    /// <remarks>
    /// Guests since October 2024 search the name for a POSIX basic expression; older ones match the whole name with an
    /// ECMAScript expression. Anchors make both the same. A character that has a meaning in one of the two syntaxes is
    /// written as a set of that one character.
    /// </remarks>
    /// <returns>Null when the glob has a character that cannot be written in a way that both read alike.</returns>
    public string? ToGuestMatch()
    {
        StringBuilder regex = new("^");
        foreach (Element element in _elements)
        {
            switch (element.Kind)
            {
                case ElementKind.Any:
                    regex.Append(".*");
                    break;
                case ElementKind.One:
                    regex.Append('.');
                    break;
                case ElementKind.Character when element.Text is "]" or "\\" or "^":
                    return null;
                case ElementKind.Character:
                    regex.Append(
                        char.IsAsciiLetterOrDigit(element.Text[0]) || element.Text[0] is '_' or ' ' or '-' or ':'
                            ? element.Text
                            : $"[{element.Text}]"
                    );
                    break;
                default:
                    if (element.Text.AsSpan().ContainsAny(s_unlikeInSets))
                        return null;
                    regex.Append(element.Kind == ElementKind.Set ? "[" : "[^").Append(element.Text).Append(']');
                    break;
            }
        }

        return regex.Append('$').ToString();
    }

    private static Element? Set(string text, ref int at)
    {
        bool outside = at < text.Length && text[at] is '!' or '^';
        int start = outside ? at + 1 : at;
        int end = start + 1 < text.Length ? text.IndexOf(']', start + 1) : -1;
        if (end < 0)
            return null;

        at = end + 1;
        return new Element(outside ? ElementKind.OutsideSet : ElementKind.Set, text[start..end]);
    }

    private readonly record struct Element(ElementKind Kind, string Text)
    {
        public bool Takes(char c) =>
            Kind switch
            {
                ElementKind.Character => Text[0] == c,
                ElementKind.One => true,
                ElementKind.Set => InSet(c),
                ElementKind.OutsideSet => !InSet(c),
                _ => false,
            };

        private bool InSet(char c)
        {
            for (int i = 0; i < Text.Length; i++)
            {
                bool range = i + 2 < Text.Length && Text[i + 1] == '-';
                if (range ? c >= Text[i] && c <= Text[i + 2] : c == Text[i])
                    return true;
                if (range)
                    i += 2;
            }

            return false;
        }
    }
}
