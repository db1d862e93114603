using System.Globalization;
using System.Text;

namespace Osprey.Rsp;

/// <summary>
/// Bytes of the protocol as text on one line and back: printable ASCII as it is, all else as <c>\xNN</c>.
/// </summary>
public static class RspText
{
    /// <summary>All of the bytes. <see cref="TryParse"/> gives them back.</summary>
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

    /// <summary>The bytes' beginning, for messages.</summary>
    public static string Excerpt(ReadOnlySpan<byte> bytes)
    {
        const int Most = 60;
        return bytes.Length <= Most ? Format(bytes) : $"{Format(bytes[..Most])}... ({bytes.Length} bytes)";
    }

    /// <summary>Reads what <see cref="Format"/> wrote; false when it is something else.</summary>
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
