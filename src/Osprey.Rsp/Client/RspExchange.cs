using System.Diagnostics;
using Osprey.Rsp.Framing;
using Osprey.Rsp.Packets;

namespace Osprey.Rsp.Client;

/// <summary>Sends one request at a time and finds its reply among what the stub sends.</summary>
/// <remarks>
/// <para>
/// <b>The problem.</b> Replies have no number; only the order ties a reply to its request. When a reply is late, or was
/// broken while others were on the way, the next packet could be the reply to an older request. Taking it for the
/// answer would give a wrong value and no error.
/// </para>
/// <para>
/// <b>The idea.</b> From such a moment on (<see cref="Distrust"/>) nothing that arrives is used, until the order is
/// restored: before the next request the client waits until the stub has been silent for
/// <see cref="RspOptions.QuietTime"/>, sends <c>qC</c> (which thread is current), and discards all packets up to its
/// answer. (An empty reply or a refusal counts as the answer too, since a stub need not know <c>qC</c>.) Asking
/// <c>?</c> would work as well, but QEMU deletes all breakpoints on it. An earlier request may have been lost, so
/// <see cref="Reordered"/> then sends again what must hold: that addresses are virtual.
/// </para>
/// <para>
/// <b>What may come between.</b> Acknowledgements are skipped: the reply itself shows that the request arrived. A
/// negative one has the request sent again. A broken reply is requested again, but only if no other reply is due: the
/// stub would resend its newest packet, not the broken one. Stop packets are set aside. Notifications and garbage are
/// skipped. All of these are limited in number, so that a stub which never stops sending cannot hold the client.
/// </para>
/// </remarks>
internal sealed partial class RspExchange(RspConnection connection, RspOptions options)
{
    /// <summary>The largest number of other inputs before a reply.</summary>
    private const int MaxIgnored = 10_000;

    private static readonly byte[] s_marker = "qC"u8.ToArray();

    private bool _isDisordered;
    private bool _hasReplied;
    private bool _isAcknowledged;

    /// <summary>The longest time for one reply: a stub that keeps sending other things is given up then.</summary>
    private TimeSpan MostTime => RspConnection.GetLongest(Options.Timeout);

    public RspConnection Connection { get; } = connection;

    public RspOptions Options { get; } = options;

    /// <summary>The first stop packet that came without a request; null when none did.</summary>
    public StopReply? FirstStop { get; private set; }

    /// <summary>
    /// The number of stops that nobody asked for: by stop packets, or by requests that a running guest's QEMU dropped.
    /// </summary>
    public int StopCount { get; private set; }

    /// <summary>The packet by which QEMU said that it ended; null while it runs.</summary>
    public StopReply? End { get; private set; }

    /// <summary>
    /// Called after the order was restored: requests before that may not have reached the stub.
    /// </summary>
    public Action? Reordered { get; set; }

    /// <summary>
    /// True when acknowledgements wait until something else is sent: the stub does not wait for them. QEMU takes the
    /// next packet for one; each that is sent alone costs a write here and wakes it up for nothing.
    /// </summary>
    public bool HoldsAcks { get; set; }

    /// <summary>Sends acknowledgements that are queued, where the stub may wait for them.</summary>
    public void FlushAcks()
    {
        if (!HoldsAcks)
            Connection.Flush();
    }

    /// <summary>Discards whatever arrives from now on, until the order is restored.</summary>
    public void Distrust() => _isDisordered = true;

    /// <summary>Sends a request and waits for its reply. Repeats either one if it arrives broken.</summary>
    /// <returns>The reply's payload; empty when the stub does not know the request.</returns>
    public byte[] Request(ReadOnlySpan<byte> request)
    {
        Begin(request);
        int stopsBefore = StopCount;
        byte[]? reply = TryReceiveReply(request, askAgain: true);
        if (reply is null && (StopCount > stopsBefore || (_hasReplied && !_isAcknowledged)))
        {
            // Somebody let the guest run. QEMU then takes the first byte that arrives as "stop", and discards the
            // packet that the byte belongs to. Before 8.1 it sends a stop packet; later ones send nothing at all.
            if (StopCount == stopsBefore)
                StopCount++;

            Begin(request);
            reply = TryReceiveReply(request, askAgain: true);
        }

        FlushAcks();
        return reply
            ?? throw new RspException(
                $"the stub did not answer within {Options.Timeout.TotalSeconds:0.###} s",
                RspText.Excerpt(request)
            );
    }

    /// <summary>Restores the order if that is needed, and queues a request.</summary>
    public void Begin(ReadOnlySpan<byte> request)
    {
        EnsureUsable(request);
        if (_isDisordered)
            PutInOrder();

        _isAcknowledged = false;
        Connection.QueuePacket(request);
    }

    /// <summary>Waits for a request's reply, or for one of its replies.</summary>
    /// <param name="request">The request, which is sent again when the stub asks for that.</param>
    /// <param name="askAgain">
    /// True if a broken reply may be requested again. That is possible only if the stub sends no other reply after it.
    /// </param>
    /// <returns>The reply's payload; null when none came in time.</returns>
    /// <exception cref="RspException">The reply is malformed, or the connection failed.</exception>
    public byte[]? TryReceiveReply(ReadOnlySpan<byte> request, bool askAgain)
    {
        int sent = 1;
        int broken = 0;
        bool isDone = false;
        try
        {
            long start = Stopwatch.GetTimestamp();
            for (int inputs = 0; inputs < MaxIgnored && Stopwatch.GetElapsedTime(start) < MostTime; inputs++)
            {
                if (!Connection.TryReceive(Options.Timeout, out RspInputKind kind, out ReadOnlySpan<byte> body))
                    return null;

                _isAcknowledged |= kind == RspInputKind.Ack;
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
                        _hasReplied = true;
                        return reply;
                    case RspInputKind.Nack:
                        if (sent++ > Options.Retries)
                            throw new RspException(
                                $"the stub rejected the request {sent - 1} times as damaged",
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
                        break; // acknowledgements, late notifications, garbage
                }
            }

            throw new RspException("the stub keeps sending, and no reply is among it", RspText.Excerpt(request));
        }
        finally
        {
            if (!isDone)
                Distrust();
        }
    }

    /// <summary>
    /// Sets a stop packet aside: one may come at any time and is not a reply. False for any other packet.
    /// </summary>
    /// <exception cref="RspException">The packet says that QEMU ended.</exception>
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
        if (IsProgramRunning)
            throw new RspException("the program runs: it must be stopped before anything is asked");

        if (Connection.IsBroken || End is not null)
            throw new RspException(
                End is not null ? "QEMU ended" : "the connection to the stub is gone",
                RspText.Excerpt(request)
            );
    }

    private void PutInOrder()
    {
        long start = Stopwatch.GetTimestamp();
        for (
            int inputs = 0;
            Connection.TryReceive(Options.QuietTime, out RspInputKind kind, out ReadOnlySpan<byte> body);
            inputs++
        )
        {
            if (inputs == MaxIgnored || Stopwatch.GetElapsedTime(start) > MostTime)
                throw new RspException("the stub does not stop sending what nobody asked for");

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
