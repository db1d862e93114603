using System.Text;

namespace Osprey.Debug.Breakpoints;

/// <summary>
/// A text with expressions in braces, such as <c>open {path} by {$rip}</c>. Two braces stand for one.
/// </summary>
public sealed class LogText
{
    private readonly string _source;
    private readonly List<(string Text, bool IsExpression)> _parts = [];

    private LogText(string source) => _source = source;

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">A brace is not closed, or there is nothing in it.</exception>
    public static LogText Parse(string text)
    {
        var log = new LogText(text);
        var plain = new StringBuilder();
        for (int at = 0; at < text.Length; at++)
        {
            char letter = text[at];
            bool isDouble = letter is '{' or '}' && at + 1 < text.Length && text[at + 1] == letter;
            if (letter != '{' || isDouble)
            {
                plain.Append(letter);
                at += isDouble ? 1 : 0;
                continue;
            }

            int end = FindEnd(text, at);
            string expression = end < 0 ? "" : text[(at + 1)..end].Trim();
            if (expression.Length == 0)
                throw new FormatException($"'{text}': the brace at {at + 1} has no expression or is not closed");

            if (plain.Length > 0)
                log._parts.Add((plain.ToString(), false));

            plain.Clear();
            log._parts.Add((expression, true));
            at = end;
        }

        if (plain.Length > 0)
            log._parts.Add((plain.ToString(), false));

        return log;
    }

    /// <summary>Gives the text with the values of its expressions.</summary>
    /// <param name="evaluate">Gives an expression's value in words.</param>
    public string Format(Func<string, string> evaluate)
    {
        var text = new StringBuilder();
        foreach ((string part, bool isExpression) in _parts)
            text.Append(isExpression ? evaluate(part) : part);

        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => _source;

    private static int FindEnd(string text, int start)
    {
        int depth = 0;
        for (int at = start; at < text.Length; at++)
        {
            if (text[at] == '{')
                depth++;
            else if (text[at] == '}' && --depth == 0)
                return at;
        }

        return -1;
    }
}
