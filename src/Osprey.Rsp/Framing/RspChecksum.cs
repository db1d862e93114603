using System.Buffers;
using System.Numerics;

namespace Osprey.Rsp.Framing;

/// <summary>The checksum of packets: the sum of a body's bytes modulo 256.</summary>
internal static class RspChecksum
{
    public static byte Compute(in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment)
            return Compute(body.FirstSpan);

        byte sum = 0;
        foreach (ReadOnlyMemory<byte> segment in body)
            sum = unchecked((byte)(sum + Compute(segment.Span)));

        return sum;
    }

    public static byte Compute(ReadOnlySpan<byte> body)
    {
        // Bytes of a vector wrap at 256, as the sum does. So vectors are added first, and their lanes at the end.
        Vector<byte> lanes = Vector<byte>.Zero;
        for (; body.Length >= Vector<byte>.Count; body = body[Vector<byte>.Count..])
            lanes += new Vector<byte>(body);

        byte sum = Vector.Sum(lanes);
        foreach (byte value in body)
            sum = unchecked((byte)(sum + value));

        return sum;
    }
}
