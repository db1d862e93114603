using System.Buffers;

namespace Osprey.Rsp.Framing;

/// <summary>
/// Cuts a stream of bytes of the GDB Remote Serial Protocol into inputs (GDB manual, "Remote Protocol: Overview").
/// </summary>
/// <remarks>
/// <para>
/// <b>The format.</b> A packet is <c>$body#cc</c>; cc is the sum of the body's bytes modulo 256, as two hex digits. A
/// notification is <c>%body#cc</c>. Between them stand single bytes: <c>+</c> (the last packet arrived), <c>-</c> (send
/// it again) and 0x03 (stop the program). Anything else is garbage.
/// </para>
/// <para>
/// <b>The idea.</b> <see cref="TryRead"/> takes one whole input off the front, or nothing if more bytes must arrive
/// first. It keeps no state and copies nothing, so the same code serves a client, a server and tests, and bytes may
/// arrive cut at any place. Errors are kinds of inputs, not exceptions: the caller decides whether to ask again.
/// </para>
/// <para>
/// <b>A damaged stream heals itself.</b> Each call either takes at least one byte or needs more, so a reader never
/// hangs on bytes that it has. Inside a body <c>$</c> is always escaped: a bare one is the start of the next packet,
/// and the bytes before it are garbage that has lost its end. Garbage ends where a packet or a single-byte input may
/// begin. A body that grows beyond the limit is taken off as <see cref="RspInputKind.Oversized"/>, so that a packet
/// which never ends cannot fill the memory.
/// </para>
/// </remarks>
internal static class RspFraming
{
    /// <summary>The bytes of a packet besides its body: <c>$</c>, <c>#</c> and two digits.</summary>
    public const int Overhead = 4;

    /// <summary>Takes one complete input off the front of <paramref name="input"/>, or leaves it unchanged.</summary>
    /// <param name="input">The bytes that have arrived and were not taken yet.</param>
    /// <param name="maxBody">The longest body of a packet, in bytes.</param>
    /// <param name="kind">The kind of the input.</param>
    /// <param name="body">
    /// For a packet, a corrupt one too, or a notification: the bytes between its first character and <c>#</c>, not yet
    /// decoded. For <see cref="RspInputKind.Garbage"/>: the bytes themselves. For <see cref="RspInputKind.Oversized"/>:
    /// the first <paramref name="maxBody"/> bytes of the body. Shares the input's memory.
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

        // A dollar sign is escaped in a body: a bare one starts the next packet, and the bytes before it have lost
        // their end.
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
            // A notification is never acknowledged, so a broken one is not reported as such.
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
