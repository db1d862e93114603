using System.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Text as Python prints bytes, which the reference does with packets: <c>b'IP ...'</c>.</summary>
internal static class PythonBytes
{
    public static string Literal(string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var literal = new StringBuilder("b").Append(quote);
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            _ = (char)value switch
            {
                '\\' => literal.Append(@"\\"),
                '\t' => literal.Append(@"\t"),
                '\n' => literal.Append(@"\n"),
                '\r' => literal.Append(@"\r"),
                char character when character == quote => literal.Append('\\').Append(quote),
                char character when character is >= ' ' and < '\x7f' => literal.Append(character),
                _ => literal.Append($@"\x{value:x2}"),
            };
        }

        return literal.Append(quote).ToString();
    }
}
