using System.Buffers;
using System.Runtime.Intrinsics;

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

    /// <summary>Writes two digits per byte.</summary>
    /// <remarks>
    /// The runtime's own way needs SSSE3, which a program that is compiled for any x86-64 can't count on: it then takes
    /// each byte by itself. This one is content with SSE2.
    /// </remarks>
    /// <param name="bytes">The bytes.</param>
    /// <param name="digits">Receives the digits: twice as many.</param>
    /// <exception cref="ArgumentException">There is not room enough.</exception>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<byte> digits)
    {
        digits = digits[..(bytes.Length * 2)];
        while (bytes.Length >= Vector128<byte>.Count)
        {
            (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(Vector128.Create(bytes));
            ToDigits(lower).CopyTo(digits);
            ToDigits(upper).CopyTo(digits[Vector128<byte>.Count..]);
            bytes = bytes[Vector128<byte>.Count..];
            digits = digits[(2 * Vector128<byte>.Count)..];
        }

        ReadOnlySpan<byte> all = "0123456789abcdef"u8;
        for (int i = 0; i < bytes.Length; i++)
            (digits[2 * i], digits[(2 * i) + 1]) = (all[bytes[i] >> 4], all[bytes[i] & 0xf]);
    }

    /// <summary>Makes of eight bytes, each in two, their sixteen digits, the upper half of each first.</summary>
    private static Vector128<byte> ToDigits(Vector128<ushort> bytes)
    {
        Vector128<ushort> halves = ((bytes << 8) | (bytes >>> 4)) & Vector128.Create((ushort)0x0f0f);
        Vector128<sbyte> values = halves.AsSByte();
        Vector128<sbyte> letters = Vector128.GreaterThan(values, Vector128.Create((sbyte)9));
        return (values + Vector128.Create((sbyte)'0') + (letters & Vector128.Create((sbyte)('a' - '0' - 10)))).AsByte();
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
