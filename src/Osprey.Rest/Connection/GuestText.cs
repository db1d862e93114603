using System.Text;

namespace Osprey.Rest.Connection;

/// <summary>Makes text that a guest sent fit for a message: one line, no control characters, not too long.</summary>
internal static class GuestText
{
    private const int MaxLength = 300;

    /// <summary>The text with each control character replaced by a dot, cut where it gets too long.</summary>
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

    /// <summary>Bytes of any kind, read as ASCII; what is none becomes dots.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[Math.Min(bytes.Length, MaxLength + 1)];
        for (int i = 0; i < text.Length; i++)
            text[i] = bytes[i] is >= 0x20 and < 0x7f ? (char)bytes[i] : '.';
        return Printable(text.ToString());
    }
}
