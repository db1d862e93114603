using System.Buffers;

namespace Osprey.Rsp.Framing;

/// <summary>
/// What is between a packet's <c>$</c> and <c>#</c> (GDB manual, appendix E.1): escapes, and runs in what stubs send.
/// </summary>
public static class RspEncoding
{
    private const byte Escape = (byte)'}';
    private const byte Run = (byte)'*';
    private const int RunBias = 29;

    private static readonly SearchValues<byte> s_coded = SearchValues.Create("}*"u8);
    private static readonly SearchValues<byte> s_special = SearchValues.Create("}*$#"u8);

    /// <summary>Whether a body is what it stands for, without escapes and runs.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> body) => !body.ContainsAny(s_coded);

    /// <summary>Appends a whole packet that carries <paramref name="payload"/>.</summary>
    public static void WritePacket(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        int special = 0;
        for (ReadOnlySpan<byte> rest = payload; rest.IndexOfAny(s_special) is >= 0 and int at; rest = rest[(at + 1)..])
            special++;

        Span<byte> packet = output.GetSpan(payload.Length + special + RspFraming.Overhead);
        packet[0] = (byte)'$';
        int end = 1;
        if (special == 0)
        {
            payload.CopyTo(packet[1..]);
            end += payload.Length;
        }
        else
        {
            foreach (byte value in payload)
            {
                bool escaped = s_special.Contains(value);
                if (escaped)
                    packet[end++] = Escape;

                packet[end++] = escaped ? (byte)(value ^ 0x20) : value;
            }
        }

        byte sum = RspChecksum.Compute(packet[1..end]);
        packet[end++] = (byte)'#';
        packet[end++] = "0123456789abcdef"u8[sum >> 4];
        packet[end++] = "0123456789abcdef"u8[sum & 0xf];
        output.Advance(end);
    }

    /// <summary>Takes escapes and runs out of a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="maxSize">The most bytes it may stand for: a run makes up to 97 of 2.</param>
    /// <param name="payload">What it stands for; empty when it is malformed.</param>
    /// <returns>
    /// False when an escape has lost its byte, a run nothing to repeat or a bad count, or the result is too long.
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
