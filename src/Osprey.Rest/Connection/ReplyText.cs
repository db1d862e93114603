using System.Text;

namespace Osprey.Rest.Connection;

/// <summary>
/// Makes text from a guest safe to show in a message: one line of limited length without control characters.
/// </summary>
internal static class ReplyText
{
    private const int MaxLength = 300;

    /// <summary>Replaces each control character by a dot, and cuts text that is too long.</summary>
    public static string Printable(string text)
    {
        StringBuilder printable = new(Math.Min(text.Length, MaxLength + 3));
        foreach (char c in text)
        {
            if (printable.Length == MaxLength)
                return printable.Append("...").ToString();
            printable.Append(char.IsControl(c) || char.IsSurrogate(c) ? '.' : c);
        }

        return printable.ToString();
    }

    /// <summary>Reads bytes as ASCII; each byte that is not a printable character becomes a dot.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[Math.Min(bytes.Length, MaxLength + 1)];
        for (int i = 0; i < text.Length; i++)
            text[i] = bytes[i] is >= 0x20 and < 0x7f ? (char)bytes[i] : '.';
        return Printable(text.ToString());
    }
}
