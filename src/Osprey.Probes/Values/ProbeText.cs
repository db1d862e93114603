using System.Buffers;
using System.Text;

namespace Osprey.Probes.Values;

/// <summary>Tells text from other bytes, and puts it into quotation marks.</summary>
public static class ProbeText
{
    private const int LeastClear = 2;

    /// <summary>
    /// Tells whether bytes up to a NUL are clearly text: at least two characters, UTF-8, none of them a control
    /// character but tabs and line breaks.
    /// </summary>
    public static bool IsClear(ReadOnlySpan<byte> bytes, bool isCut)
    {
        int count = 0;
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int size);
            if (status == OperationStatus.NeedMoreData && isCut)
                break; // a character that the bound cut through

            if (status != OperationStatus.Done || (Rune.IsControl(rune) && rune.Value is not (9 or 10 or 13)))
                return false;

            count++;
            bytes = bytes[size..];
        }

        return count >= LeastClear;
    }

    /// <summary>Text in quotation marks, with escapes as in C; <c>...</c> behind it when it was cut.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes, bool isCut)
    {
        var text = new StringBuilder("\"", bytes.Length + 8);
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int size);
            if (status != OperationStatus.Done)
            {
                text.Append($"\\x{bytes[0]:x2}");
                size = 1;
            }
            else if (rune.Value is '"' or '\\')
            {
                text.Append('\\').Append((char)rune.Value);
            }
            else if (Rune.IsControl(rune) || IsInvisible(rune))
            {
                text.Append(
                    rune.Value switch
                    {
                        9 => "\\t",
                        10 => "\\n",
                        13 => "\\r",
                        < 0x100 => $"\\x{rune.Value:x2}",
                        _ => $"\\u{{{rune.Value:x}}}",
                    }
                );
            }
            else
            {
                text.Append(rune.ToString());
            }

            bytes = bytes[size..];
        }

        return text.Append('"').Append(isCut ? "..." : "").ToString();
    }

    /// <summary>Line separators and marks that turn the direction of writing.</summary>
    private static bool IsInvisible(Rune rune) =>
        rune.Value is 0x2028 or 0x2029 or (>= 0x200b and <= 0x200f) or (>= 0x202a and <= 0x202e) or 0xfeff;
}
