using System.Buffers;

namespace Osprey.Rsp.Framing;

/// <summary>Reads numbers and bytes in hex, as the protocol writes them.</summary>
internal static class RspHex
{
    /// <summary>
    /// Returns a hex digit's value. For another character the result is so large that no number made of it equals a
    /// byte.
    /// </summary>
    public static int Digit(byte character) =>
        character switch
        {
            >= (byte)'0' and <= (byte)'9' => character - '0',
            >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
            _ => 0x1000,
        };

    /// <summary>Parses a number; false when the text is not 1 to 16 hex digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.Length is 0 or > 16)
            return false;

        foreach (byte character in text)
        {
            int digit = Digit(character);
            if (digit > 15)
                return false;

            value = value << 4 | (uint)digit;
        }

        return true;
    }

    /// <summary>
    /// Decodes two digits per byte; false when the text is not exactly as many digits as fill <paramref name="bytes"/>.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes) =>
        text.Length == bytes.Length * 2L
        && Convert.FromHexString(text, bytes, out _, out int written) == OperationStatus.Done
        && written == bytes.Length;

    /// <summary>Decodes two digits per byte; null when the text is something else.</summary>
    public static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        byte[] bytes = new byte[text.Length / 2];
        return TryDecode(text, bytes) ? bytes : null;
    }
}
