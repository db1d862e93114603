using System.Buffers;

namespace Osprey.Rsp.Framing;

/// <summary>
/// Takes apart a stream of the GDB Remote Serial Protocol (GDB manual, appendix E.1 "Overview"): packets are
/// <c>$body#cc</c>, cc the sum of the body's bytes modulo 256 as two hex digits; <c>+</c> and <c>-</c> between them
/// acknowledge.
/// </summary>
public static class RspFraming
{
    /// <summary>What a packet has besides its body: <c>$</c>, <c>#</c>, two digits.</summary>
    public const int Overhead = 4;

    /// <summary>Takes one whole input off the front of <paramref name="input"/>, or leaves it as it is.</summary>
    /// <param name="input">What has arrived and not been taken.</param>
    /// <param name="maxBody">The longest body a packet may have, in bytes.</param>
    /// <param name="kind">What was taken.</param>
    /// <param name="body">
    /// Of a packet or notification what is between its first character and <c>#</c>, escapes and runs still in it; of
    /// <see cref="RspInputKind.Corrupt"/> and <see cref="RspInputKind.Garbage"/> the bytes themselves. Shares the
    /// input's memory.
    /// </param>
    /// <returns><see langword="false"/> when more bytes must arrive first.</returns>
    public static bool TryRead(
        ref ReadOnlySequence<byte> input,
        int maxBody,
        out RspInputKind kind,
        out ReadOnlySequence<byte> body
    )
    {
        body = default;
        kind = RspInputKind.Garbage;
        if (input.IsEmpty)
            return false;

        switch (input.FirstSpan.Length > 0 ? input.FirstSpan[0] : First(input))
        {
            case (byte)'+':
                kind = RspInputKind.Ack;
                input = input.Slice(1);
                return true;
            case (byte)'-':
                kind = RspInputKind.Nack;
                input = input.Slice(1);
                return true;
            case 0x03:
                kind = RspInputKind.Interrupt;
                input = input.Slice(1);
                return true;
            case (byte)'$':
                return TryReadPacket(ref input, maxBody, RspInputKind.Packet, out kind, out body);
            case (byte)'%':
                return TryReadPacket(ref input, maxBody, RspInputKind.Notification, out kind, out body);
            default:
                body = TakeGarbage(ref input);
                return true;
        }
    }

    private static bool TryReadPacket(
        ref ReadOnlySequence<byte> input,
        int maxBody,
        RspInputKind wanted,
        out RspInputKind kind,
        out ReadOnlySequence<byte> body
    )
    {
        kind = wanted;
        ReadOnlySequence<byte> rest = input.Slice(1);
        SequencePosition? hash = rest.PositionOf((byte)'#');
        body = hash is SequencePosition found ? rest.Slice(0, found) : rest;

        // A dollar sign is escaped inside a packet: a bare one starts another, and what was before it has lost its end.
        if (body.PositionOf((byte)'$') is SequencePosition next)
        {
            kind = RspInputKind.Garbage;
            body = input.Slice(0, next);
            input = input.Slice(next);
            return true;
        }

        if (body.Length > maxBody)
        {
            kind = RspInputKind.Oversized;
            body = body.Slice(0, maxBody);
            input = input.Slice(1L + maxBody);
            return true;
        }

        ReadOnlySequence<byte> tail = hash is null ? default : rest.Slice(body.Length + 1);
        if (hash is null || tail.Length < 2)
            return false;

        Span<byte> digits = stackalloc byte[2];
        tail.Slice(0, 2).CopyTo(digits);
        if (RspChecksum.Compute(body) != (RspHex.Digit(digits[0]) << 4 | RspHex.Digit(digits[1])))
            // Nobody is told of a broken notification
            kind = wanted == RspInputKind.Packet ? RspInputKind.Corrupt : RspInputKind.Garbage;

        input = tail.Slice(2);
        return true;
    }

    private static ReadOnlySequence<byte> TakeGarbage(ref ReadOnlySequence<byte> input)
    {
        long length = 0;
        foreach (ReadOnlyMemory<byte> segment in input)
        {
            int at = segment.Span.IndexOfAny("$%+-\x3"u8);
            length += at < 0 ? segment.Length : at;
            if (at >= 0)
                break;
        }

        ReadOnlySequence<byte> garbage = input.Slice(0, length);
        input = input.Slice(length);
        return garbage;
    }

    private static byte First(in ReadOnlySequence<byte> input)
    {
        Span<byte> first = stackalloc byte[1];
        input.Slice(0, 1).CopyTo(first);
        return first[0];
    }
}
