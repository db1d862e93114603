using System.Buffers;
using System.Globalization;
using System.Text;

namespace Osprey.Values.Printing;

/// <summary>
/// Writes bytes as text, so that none is lost: a byte that is not part of UTF-8 becomes <c>\xNN</c>. A backslash before
/// text that looks like that becomes <c>\x5c</c>; all others stay as they are.
/// </summary>
internal static class ByteText
{
    private const int EscapeLength = 4;

    /// <summary>Writes the bytes as text.</summary>
    public static string Format(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        while (bytes.Length > 0)
        {
            bool isCharacter = Rune.DecodeFromUtf8(bytes, out Rune rune, out int taken) == OperationStatus.Done;
            if (isCharacter && !IsEscape(bytes))
            {
                text.Append(rune.ToString());
                bytes = bytes[taken..];
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"\\x{bytes[0]:x2}");
            bytes = bytes[1..];
        }

        return text.ToString();
    }

    private static bool IsEscape(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= EscapeLength
        && bytes[0] == '\\'
        && bytes[1] == 'x'
        && char.IsAsciiHexDigit((char)bytes[2])
        && char.IsAsciiHexDigit((char)bytes[3]);
}
