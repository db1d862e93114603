using System.Globalization;
using System.Text;

namespace Osprey.Rsp;

/// <summary>
/// Converts bytes of the protocol to text on one line and back: printable ASCII stays, other bytes become <c>\xNN</c>.
/// </summary>
internal static class RspText
{
    /// <summary>Formats all bytes. <see cref="TryParse"/> converts them back.</summary>
    public static string Format(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
        {
            if (value is >= 0x20 and < 0x7f and not (byte)'\\')
                text.Append((char)value);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
        }

        return text.ToString();
    }

    /// <summary>Formats the first 60 bytes, for messages.</summary>
    public static string Excerpt(ReadOnlySpan<byte> bytes)
    {
        const int Most = 60;
        return bytes.Length <= Most ? Format(bytes) : $"{Format(bytes[..Most])}... ({bytes.Length} bytes)";
    }

    /// <summary>Parses text that <see cref="Format"/> made; false for any other text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, List<byte> bytes)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or > '~')
                return false;

            if (text[i] != '\\')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            if (
                i + 3 >= text.Length
                || text[i + 1] != 'x'
                || !byte.TryParse(
                    text.Slice(i + 2, 2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out byte value
                )
            )
            {
                return false;
            }

            bytes.Add(value);
            i += 3;
        }

        return true;
    }
}
