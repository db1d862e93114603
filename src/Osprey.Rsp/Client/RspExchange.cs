using Osprey.Rsp.Framing;
using Osprey.Rsp.Packets;

namespace Osprey.Rsp.Client;

/// <summary>Requests and their replies, one at a time, and what may come between them.</summary>
/// <remarks>
/// Replies have no number: the order is all that ties one to its request. So when a reply did not come in time, or came
/// broken while others were under way, nothing that arrives is trusted until the conversation was put in order: wait
/// until the stub is silent, ask <c>qC</c>, and drop everything before its answer. (<c>?</c> would do as well, but it
/// deletes breakpoints.)
/// </remarks>
internal sealed class RspExchange(RspConnection connection, RspOptions options)
{
    /// <summary>How many inputs that are no reply may come before one.</summary>
    private const int MaxIgnored = 10_000;

    private static readonly byte[] s_marker = "qC"u8.ToArray();

    private bool _isDisordered;

    public RspConnection Connection { get; } = connection;

    public RspOptions Options { get; } = options;

    /// <summary>The first stop packet that nobody asked for; null when there was none.</summary>
    public StopReply? FirstStop { get; private set; }

    /// <summary>How many stop packets came that nobody asked for.</summary>
    public int StopCount { get; private set; }

    /// <summary>Whether QEMU said that it ended.</summary>
    public StopReply? End { get; private set; }

    /// <summary>
    /// Called after the conversation was put in order: what the stub was told before may not have arrived.
    /// </summary>
    public Action? Reordered { get; set; }

    /// <summary>From now on nothing that arrives is trusted until the conversation was put in order.</summary>
    public void Distrust() => _isDisordered = true;

    /// <summary>Sends a request and waits for its reply, both as often as they come through broken.</summary>
    /// <returns>The reply's payload; empty when the stub does not know the request.</returns>
    public byte[] Request(ReadOnlySpan<byte> request)
    {
        Begin(request);
        int stopsBefore = StopCount;
        byte[]? reply = TryReceiveReply(request, askAgain: true);
        if (reply is null && StopCount > stopsBefore)
        {
            // Somebody let the guest run; QEMU takes the first byte that arrives then as "stop", and drops the packet
            // around it.
            Begin(request);
            reply = TryReceiveReply(request, askAgain: true);
        }

        Connection.Flush();
        return reply
            ?? throw new RspException(
                $"the stub did not answer within {Options.Timeout.TotalSeconds:0.###} s",
                RspText.Excerpt(request)
            );
    }

    /// <summary>Puts the conversation in order if it has to be, and sends a request.</summary>
    public void Begin(ReadOnlySpan<byte> request)
    {
        EnsureUsable(request);
        if (_isDisordered)
            PutInOrder();

        Connection.QueuePacket(request);
    }

    /// <summary>Waits for a request's reply, or for one of several.</summary>
    /// <param name="request">The request, to be sent again when the stub asks for it.</param>
    /// <param name="askAgain">
    /// Whether a broken reply can be asked for again: only if the stub sends no other after it.
    /// </param>
    /// <returns>Null when none came in time.</returns>
    public byte[]? TryReceiveReply(ReadOnlySpan<byte> request, bool askAgain)
    {
        int sent = 1;
        int broken = 0;
        bool isDone = false;
        try
        {
            for (int inputs = 0; inputs < MaxIgnored; inputs++)
            {
                if (!Connection.TryReceive(Options.Timeout, out RspInputKind kind, out ReadOnlySpan<byte> body))
                    return null;

                switch (kind)
                {
                    case RspInputKind.Packet:
                        Connection.QueueAck();
                        if (TakeStop(body))
                            break;

                        if (!RspEncoding.TryDecode(body, Options.MaxPacketSize, out byte[] reply))
                            throw new RspException(
                                "a reply's escapes or runs are malformed",
                                RspText.Excerpt(request),
                                RspText.Excerpt(body)
                            );

                        isDone = true;
                        return reply;
                    case RspInputKind.Nack:
                        if (sent++ > Options.Retries)
                            throw new RspException(
                                $"the stub refused {sent - 1} times what arrived as broken",
                                RspText.Excerpt(request)
                            );

                        Connection.QueuePacket(request);
                        break;
                    case RspInputKind.Corrupt when askAgain && broken++ < Options.Retries:
                        Connection.QueueNack();
                        break;
                    case RspInputKind.Corrupt:
                        Connection.QueueAck();
                        throw new RspException(
                            "a reply has a wrong checksum",
                            RspText.Excerpt(request),
                            RspText.Excerpt(body)
                        );
                    case RspInputKind.Oversized:
                        Connection.QueueAck();
                        throw new RspException(
                            $"a reply is longer than {Options.MaxPacketSize} bytes",
                            RspText.Excerpt(request),
                            RspText.Excerpt(body)
                        );
                    default:
                        break; // acks; notifications, which come late; noise
                }
            }

            throw new RspException($"{MaxIgnored} inputs and no reply among them", RspText.Excerpt(request));
        }
        finally
        {
            if (!isDone)
                Distrust();
        }
    }

    /// <summary>
    /// Whether a packet is a stop packet that nobody asked for: they may come anywhere, and are no reply.
    /// </summary>
    /// <exception cref="RspException">It says that QEMU ended.</exception>
    public bool TakeStop(ReadOnlySpan<byte> packet)
    {
        if (!StopReply.IsStop(packet) || !StopReply.TryParse(packet, out StopReply? stop))
            return false;

        FirstStop ??= stop;
        StopCount++;
        if (stop.Kind != StopKind.Signal)
        {
            End = stop;
            throw new RspException("QEMU ended", received: RspText.Excerpt(packet));
        }

        return true;
    }

    private void EnsureUsable(ReadOnlySpan<byte> request)
    {
        if (Connection.IsBroken || End is not null)
            throw new RspException(
                End is not null ? "QEMU ended" : "the connection to the stub is gone",
                RspText.Excerpt(request)
            );
    }

    private void PutInOrder()
    {
        for (
            int inputs = 0;
            Connection.TryReceive(Options.QuietTime, out RspInputKind kind, out ReadOnlySpan<byte> body);
            inputs++
        )
        {
            if (inputs == MaxIgnored)
                throw new RspException($"the stub does not stop sending: {MaxIgnored} inputs that nobody asked for");

            if (kind is RspInputKind.Packet)
                _ = TakeStop(body);

            if (kind is RspInputKind.Packet or RspInputKind.Corrupt or RspInputKind.Oversized)
                Connection.QueueAck();
        }

        Connection.QueuePacket(s_marker);
        byte[]? reply;
        int replies = 0;
        do
        {
            reply =
                TryReceiveReply(s_marker, askAgain: true)
                ?? throw new RspException(
                    $"the stub did not answer within {Options.Timeout.TotalSeconds:0.###} s",
                    "qC"
                );
        } while (!IsMarker(reply) && ++replies < MaxIgnored);
        Connection.Flush();
        _isDisordered = false;
        Reordered?.Invoke();
    }

    private static bool IsMarker(ReadOnlySpan<byte> reply) =>
        reply.IsEmpty || reply.StartsWith("QC"u8) || ErrorReply.TryParse(reply, out _);
}
