using Osprey.Rsp.Framing;
using Osprey.Rsp.Packets;

namespace Osprey.Rsp.Client;

/// <summary>Reads memory, with many requests on the way at once.</summary>
/// <remarks>
/// <para>
/// <b>The problem.</b> One <c>m</c> request reads at most half of the stub's packet size, in QEMU about 2 kB, and each
/// takes a round trip. Waiting for each reply would make the round trips, not the bytes, set the speed.
/// </para>
/// <para>
/// <b>The idea.</b> A burst sends requests ahead, up to <see cref="RspOptions.Window"/> unanswered ones, and takes the
/// replies in their order. There is a limit because a stub stops reading while nobody reads what it writes: all
/// requests on the way must fit into the buffers of the connection, or both sides would wait forever.
/// </para>
/// <para>
/// <b>Pages.</b> A stub answers a request completely or refuses it completely. So no request crosses the end of a page,
/// except if the stub's packets hold several pages; if it then refuses one, its pages are read one by one, to find the
/// first that is missing. After a refusal no further request is sent, and the replies on the way are discarded.
/// </para>
/// <para>
/// <b>Physical addresses.</b> QEMU has a mode that makes addresses physical. It outlives the connection, so the next
/// debugger would read physical addresses without knowing. Therefore each burst turns the mode on in front of its
/// requests and off behind them.
/// </para>
/// <para>
/// <b>Errors.</b> Replies are matched by order only. So a wrong checksum, a rejected packet or a reply of the wrong
/// length makes the whole burst useless: it is discarded, <see cref="RspExchange"/> restores the order, and the same
/// range is read again with one request at a time. That is slow, and works on a bad line too.
/// </para>
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

    /// <summary>Reads memory; stops at the first byte that cannot be read.</summary>
    /// <returns>The number of bytes read, from the buffer's start.</returns>
    public int Read(ulong address, Span<byte> buffer, bool physical)
    {
        // Ends at the highest address; a read does not wrap to address 0.
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

            // The stub refused several pages at once: reads them one by one, to find the first that is missing.
            int narrowed = Math.Min(refused, buffer.Length - done);
            int found = Read(address + (ulong)done, buffer.Slice(done, narrowed), physical, byPage: true);
            done += found;
            if (found < narrowed)
                break;
        }

        return done;
    }

    /// <summary>Turns physical mode off, whatever was sent before.</summary>
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
                    continue; // the reply to a request that was on the way when another was refused

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

            exchange.FlushAcks();
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

    /// <summary>Computes how many bytes the next request reads.</summary>
    private int NextSize(ulong address, int wanted, bool byPage)
    {
        int inPage = (int)(address & (PageSize - 1));
        int span = byPage ? PageSize - inPage : _limit / PageSize * PageSize - inPage;
        return Math.Min(wanted, Math.Min(span, _limit));
    }

    /// <summary>
    /// Copies a reply's bytes. Returns their number, which may be less than requested; 0 when the stub refused; -1 when
    /// this is not a reply to the request.
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
