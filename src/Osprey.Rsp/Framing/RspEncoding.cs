using System.Buffers;

namespace Osprey.Rsp.Framing;

/// <summary>
/// Encodes and decodes the body of a packet, between <c>$</c> and <c>#</c>: escaped bytes, and runs of equal bytes in
/// what stubs send (GDB manual, "Remote Protocol: Overview").
/// </summary>
/// <remarks>
/// <c>}</c> and a byte stand for that byte XOR 0x20; the bytes <c># $ }</c>, and <c>*</c> in replies, must be written
/// so. <c>*</c> and a byte repeat the byte before them as often as the byte's value minus 29 says: <c>0*~</c> is 98
/// zeros.
/// </remarks>
internal static class RspEncoding
{
    private const byte Escape = (byte)'}';
    private const byte Run = (byte)'*';
    private const int RunBias = 29;

    private static readonly SearchValues<byte> s_coded = SearchValues.Create("}*"u8);
    private static readonly SearchValues<byte> s_special = SearchValues.Create("}*$#"u8);

    /// <summary>Returns true when a body has neither escapes nor runs, and so equals its payload.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> body) => !body.ContainsAny(s_coded);

    /// <summary>Appends a complete packet with a payload.</summary>
    public static void WritePacket(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        // Each byte may have to be escaped.
        Span<byte> packet = output.GetSpan((payload.Length * 2) + RspFraming.Overhead);
        packet[0] = (byte)'$';
        int end = 1;
        while (!payload.IsEmpty)
        {
            int plain = payload.IndexOfAny(s_special);
            ReadOnlySpan<byte> part = plain < 0 ? payload : payload[..plain];
            part.CopyTo(packet[end..]);
            end += part.Length;
            if (plain < 0)
                break;

            packet[end++] = Escape;
            packet[end++] = (byte)(payload[plain] ^ 0x20);
            payload = payload[(plain + 1)..];
        }

        output.Advance(Seal(packet, end));
    }

    /// <summary>Writes a packet whose payload is bytes in hexadecimal digits, which need no escapes.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="bytes">The bytes.</param>
    public static void WriteHexPacket(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        int end = 1 + (bytes.Length * 2);
        Span<byte> packet = output.GetSpan(end + RspFraming.Overhead);
        packet[0] = (byte)'$';
        RspHex.Encode(bytes, packet[1..end]);
        output.Advance(Seal(packet, end));
    }

    /// <summary>Writes the checksum behind a body; gives the packet's length.</summary>
    private static int Seal(Span<byte> packet, int end)
    {
        byte sum = RspChecksum.Compute(packet[1..end]);
        packet[end++] = (byte)'#';
        packet[end++] = "0123456789abcdef"u8[sum >> 4];
        packet[end++] = "0123456789abcdef"u8[sum & 0xf];
        return end;
    }

    /// <summary>Decodes a body: replaces escapes and runs by the bytes that they stand for.</summary>
    /// <param name="body">The body.</param>
    /// <param name="maxSize">The largest payload in bytes. Two bytes of a run can stand for 97.</param>
    /// <param name="payload">The payload; empty when the body is malformed.</param>
    /// <returns>
    /// False when an escape has no byte after it, a run has no byte before it or a bad count, or the payload is too
    /// long.
    /// </returns>
    public static bool TryDecode(ReadOnlySpan<byte> body, int maxSize, out byte[] payload)
    {
        payload = [];
        if (IsPlain(body))
        {
            if (body.Length > maxSize)
                return false;

            payload = body.ToArray();
            return true;
        }

        var decoded = new ArrayBufferWriter<byte>(Math.Min(body.Length * 2, maxSize));
        for (int i = 0; i < body.Length; i++)
        {
            int count = 1;
            byte value = body[i];
            if (value is Escape or Run && ++i == body.Length)
                return false;

            if (value == Escape)
            {
                value = (byte)(body[i] ^ 0x20);
            }
            else if (value == Run)
            {
                count = body[i] - RunBias;
                if (decoded.WrittenCount == 0 || body[i] is < (byte)' ' or > (byte)'~')
                    return false;

                value = decoded.WrittenSpan[^1];
            }

            if (count > maxSize - decoded.WrittenCount)
                return false;

            decoded.GetSpan(count)[..count].Fill(value);
            decoded.Advance(count);
        }

        payload = decoded.WrittenSpan.ToArray();
        return true;
    }
}
