using Osprey.Rsp.Framing;
using Osprey.Rsp.Packets;

namespace Osprey.Rsp.Client;

/// <summary>
/// Reads memory: requests follow each other without waiting, so that the way there and back is not paid for each.
/// </summary>
/// <remarks>
/// A request is answered whole or refused whole, so none crosses the border of a page unless the stub takes several
/// pages in one; a refusal of several pages is narrowed page by page. Physical mode is switched on in front of a read
/// and off behind it within the same burst: it outlives the connection, and would turn the next debugger's addresses
/// into physical ones. Whatever is odd in a burst (a wrong checksum, a refused packet, a reply of a wrong length)
/// throws all of it away, since replies are told apart by their order only; it is then read again, one request at a
/// time.
/// </remarks>
internal sealed class RspMemory(RspExchange exchange, int packetSize)
{
    private const int PageSize = 4096;
    private const int ModeItem = -1;

    private static readonly byte[] s_physicalOn = "Qqemu.PhyMemMode:1"u8.ToArray();
    private static readonly byte[] s_physicalOff = "Qqemu.PhyMemMode:0"u8.ToArray();

    private readonly int _limit = Math.Max(1, Math.Min(packetSize, exchange.Options.MaxPacketSize) / 2);
    private readonly Queue<int> _onTheWay = new();

    private enum Outcome
    {
        Done,
        Refused,
        Short,
        Odd,
    }

    /// <summary>Copies what can be read; stops at the first byte that can't.</summary>
    /// <returns>The bytes copied.</returns>
    public int Read(ulong address, Span<byte> buffer, bool physical)
    {
        // Nothing is behind the last address.
        ulong behind = unchecked(0 - address);
        if (address != 0 && behind < (ulong)buffer.Length)
            buffer = buffer[..(int)behind];

        int done = 0;
        bool byPage = _limit < 2 * PageSize;
        while (done < buffer.Length)
        {
            ulong at = address + (ulong)done;
            (Outcome outcome, int read, int refused) =
                exchange.Options.Window > 1 ? Burst(at, buffer[done..], physical, byPage) : (Outcome.Odd, 0, 0);
            if (outcome == Outcome.Odd)
                (outcome, read, refused) = OneByOne(at, buffer[done..], physical, byPage);

            done += read;
            if (outcome == Outcome.Done)
                break;

            if (outcome == Outcome.Short)
                continue;

            if (byPage || refused <= PageSize)
                break;

            // One of several pages is not there: which, the pages of this request tell.
            int narrowed = Math.Min(refused, buffer.Length - done);
            int found = Read(address + (ulong)done, buffer.Slice(done, narrowed), physical, byPage: true);
            done += found;
            if (found < narrowed)
                break;
        }

        return done;
    }

    /// <summary>Makes sure that addresses are virtual, whatever was sent before.</summary>
    public void LeavePhysicalMode() => Expect(s_physicalOff);

    private int Read(ulong address, Span<byte> buffer, bool physical, bool byPage)
    {
        (Outcome outcome, int read, _) = Burst(address, buffer, physical, byPage);
        if (outcome == Outcome.Odd)
            (_, read, _) = OneByOne(address, buffer, physical, byPage);

        return read;
    }

    private (Outcome Outcome, int Read, int Refused) Burst(ulong address, Span<byte> buffer, bool physical, bool byPage)
    {
        _onTheWay.Clear();
        RspConnection connection = exchange.Connection;
        bool mustLeave = physical;
        int sent = 0;
        int done = 0;
        int refused = 0;
        Outcome outcome = Outcome.Done;
        Span<byte> request = stackalloc byte[MemoryRequest.MaxSize];
        if (physical)
        {
            exchange.Begin(s_physicalOn);
            _onTheWay.Enqueue(ModeItem);
        }

        bool isWhole = false;
        try
        {
            while (true)
            {
                while (outcome == Outcome.Done && sent < buffer.Length && _onTheWay.Count < exchange.Options.Window)
                {
                    int size = NextSize(address + (ulong)sent, buffer.Length - sent, byPage);
                    int length = new MemoryRequest(address + (ulong)sent, size).Write(request);
                    if (_onTheWay.Count == 0)
                        exchange.Begin(request[..length]);
                    else
                        connection.QueuePacket(request[..length]);

                    _onTheWay.Enqueue(size);
                    sent += size;
                }

                if (mustLeave && (sent == buffer.Length || outcome != Outcome.Done))
                {
                    connection.QueuePacket(s_physicalOff);
                    _onTheWay.Enqueue(ModeItem);
                    mustLeave = false;
                }

                if (_onTheWay.Count == 0)
                    break;

                if (
                    !connection.TryReceive(exchange.Options.Timeout, out RspInputKind kind, out ReadOnlySpan<byte> body)
                )
                    return (Outcome.Odd, 0, 0);

                if (kind is RspInputKind.Corrupt or RspInputKind.Oversized or RspInputKind.Nack)
                    return (Outcome.Odd, 0, 0);

                if (kind is not RspInputKind.Packet)
                    continue;

                connection.QueueAck();
                if (exchange.TakeStop(body))
                    continue;

                int expected = _onTheWay.Dequeue();
                if (expected == ModeItem)
                {
                    if (!body.SequenceEqual("OK"u8))
                        return (Outcome.Odd, 0, 0);

                    continue;
                }

                if (outcome != Outcome.Done)
                    continue; // of requests that were under way already

                int read = Take(body, buffer.Slice(done, expected));
                if (read < 0)
                    return (Outcome.Odd, 0, 0);

                done += read;
                if (read < expected)
                {
                    outcome = read == 0 ? Outcome.Refused : Outcome.Short;
                    refused = read == 0 ? expected : 0;
                }
            }

            connection.Flush();
            isWhole = true;
            return (outcome, done, refused);
        }
        finally
        {
            if (!isWhole)
                exchange.Distrust();
        }
    }

    private (Outcome Outcome, int Read, int Refused) OneByOne(
        ulong address,
        Span<byte> buffer,
        bool physical,
        bool byPage
    )
    {
        if (physical)
            Expect(s_physicalOn);

        try
        {
            int done = 0;
            Span<byte> request = stackalloc byte[MemoryRequest.MaxSize];
            while (done < buffer.Length)
            {
                int size = NextSize(address + (ulong)done, buffer.Length - done, byPage);
                int length = new MemoryRequest(address + (ulong)done, size).Write(request);
                byte[] reply = exchange.Request(request[..length]);
                int read = Take(reply, buffer.Slice(done, size));
                if (read < 0)
                    throw new RspException(
                        $"expected {size} bytes of memory in hex",
                        RspText.Excerpt(request[..length]),
                        RspText.Excerpt(reply)
                    );

                if (read == 0)
                    return (Outcome.Refused, done, size);

                done += read;
            }

            return (Outcome.Done, done, 0);
        }
        finally
        {
            if (physical && !exchange.Connection.IsBroken && !exchange.Connection.IsCancelled)
                Expect(s_physicalOff);
        }
    }

    private void Expect(ReadOnlySpan<byte> request)
    {
        byte[] reply = exchange.Request(request);
        if (!reply.AsSpan().SequenceEqual("OK"u8))
            throw new RspException("expected OK", RspText.Excerpt(request), RspText.Excerpt(reply));
    }

    /// <summary>How much one request may ask for.</summary>
    private int NextSize(ulong address, int wanted, bool byPage)
    {
        int inPage = (int)(address & (PageSize - 1));
        int span = byPage ? PageSize - inPage : _limit / PageSize * PageSize - inPage;
        return Math.Min(wanted, Math.Min(span, _limit));
    }

    /// <summary>
    /// The bytes that a reply brings: fewer than asked for is fine, 0 is a refusal, -1 no answer to the request.
    /// </summary>
    private static int Take(ReadOnlySpan<byte> body, Span<byte> into)
    {
        if (ErrorReply.TryParse(body, out _))
            return 0;

        if (!RspEncoding.IsPlain(body))
        {
            if (!RspEncoding.TryDecode(body, into.Length * 2, out byte[] decoded))
                return -1;

            body = decoded;
        }

        int size = body.Length / 2;
        return size > 0 && size <= into.Length && RspHex.TryDecode(body, into[..size]) ? size : -1;
    }
}
