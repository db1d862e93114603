using System.Text;

namespace Osprey.Traces.Formats.Babeltrace;

/// <summary>
/// Takes apart the fields behind an event's name: groups in braces, of <c>name = value</c> and commas.
/// </summary>
/// <remarks>
/// Values are numbers, texts in quotation marks with backslashes, and groups in braces, brackets or parentheses, which
/// are given as they stand.
/// </remarks>
/// <param name="text">The text behind the colon.</param>
internal sealed class BabeltraceFields(string text)
{
    private int _position;

    /// <summary>Reads the next field.</summary>
    /// <returns>False when there are no more, or what follows is no field.</returns>
    public bool TryRead(out string key, out string value)
    {
        key = value = "";
        while (_position < text.Length && text[_position] is ' ' or ',' or '{' or '}')
            _position++;

        int end = text.IndexOf(" = ", Math.Min(_position, text.Length), StringComparison.Ordinal);
        if (end < 0)
            return false;

        key = text[_position..end];
        _position = end + 3;
        value = _position < text.Length && text[_position] == '"' ? ReadText() : ReadPlain();
        return true;
    }

    private string ReadText()
    {
        var value = new StringBuilder();
        for (_position++; _position < text.Length && text[_position] != '"'; _position++)
        {
            if (text[_position] == '\\' && _position + 1 < text.Length)
            {
                _position++;
                value.Append(
                    text[_position] switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        char other => other,
                    }
                );
            }
            else
            {
                value.Append(text[_position]);
            }
        }

        _position = Math.Min(_position + 1, text.Length);
        return value.ToString();
    }

    /// <summary>Reads up to the comma or brace that ends the value, past those in groups within it.</summary>
    private string ReadPlain()
    {
        int start = _position;
        for (int depth = 0; _position < text.Length; _position++)
        {
            switch (text[_position])
            {
                case '{' or '[' or '(':
                    depth++;
                    break;
                case '}' or ']' or ')' when depth > 0:
                    depth--;
                    break;
                case '}':
                case ',' when depth == 0:
                    return text[start.._position].Trim();
                case '"':
                    ReadText();
                    _position--;
                    break;
            }
        }

        return text[start..].Trim();
    }
}
