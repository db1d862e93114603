using Osprey.Rsp.Framing;
using Osprey.Rsp.Packets;

namespace Osprey.Rsp.Client;

// While the program runs, the stub listens for one thing: any byte that arrives stops the program. So nothing may be
// sent then, no acknowledgement either, but the byte that is meant to stop it. The packet that lets it run has no reply
// of its own; the next packet that comes is the one that says that it stopped, whatever the cause.
//
// What is written right before that need not be waited for: QEMU serves the packets of one piece in their order, and
// takes each for the acknowledgement of its reply to the one before. Their replies come first then.

/// <content>Letting the program run, and waiting until it stops.</content>
internal sealed partial class RspExchange
{
    private const byte Interruption = 0x03;

    private byte[] _resume = [];
    private int _resumesSent;

    /// <summary>The number of replies that are due for what was sent in front of the packet that lets it run.</summary>
    private int _due;

    /// <summary>True when the program was let run and did not stop since, as far as is known.</summary>
    public bool IsProgramRunning { get; private set; }

    /// <summary>Sends a packet that lets the program run. It is not waited for.</summary>
    public void Resume(ReadOnlySpan<byte> request)
    {
        Begin(request);
        Connection.Flush();
        _resume = request.ToArray();
        _resumesSent = 1;
        _due = 0;
        IsProgramRunning = true;
    }

    /// <summary>
    /// Sends requests and a packet that lets the program run, in one piece. A wait for the stop finds out whether the
    /// stub did what the requests say. Only for stubs that serve what was sent ahead (<see cref="HoldsAcks"/>).
    /// </summary>
    /// <param name="writes">The requests; the reply to each is OK.</param>
    /// <param name="request">The packet that lets the program run.</param>
    public void ResumeAfter(IReadOnlyList<byte[]> writes, ReadOnlySpan<byte> request)
    {
        bool isSent = false;
        try
        {
            for (int i = 0; i < writes.Count; i++)
            {
                if (i == 0)
                    Begin(writes[i]);
                else
                    Connection.QueuePacket(writes[i]);
            }

            Connection.QueuePacket(request);
            Connection.Flush();
            isSent = true;
        }
        finally
        {
            if (!isSent)
                Distrust();
        }

        _resume = request.ToArray();
        _resumesSent = 1;
        _due = writes.Count;
        IsProgramRunning = true;
    }

    /// <summary>Asks for the program to be stopped; does nothing when it does not run.</summary>
    public void Interrupt()
    {
        if (!IsProgramRunning)
            return;

        Connection.QueueRaw(Interruption);
        Connection.Flush();
    }

    /// <summary>Waits for the packet that says that the program stopped.</summary>
    /// <param name="patience">How long.</param>
    /// <returns>Null when it did not come in time, or the program does not run.</returns>
    /// <exception cref="RspException">The stub refuses to let the program run, or hung up.</exception>
    public StopReply? TryReceiveStop(TimeSpan patience)
    {
        int broken = 0;
        for (int inputs = 0; IsProgramRunning && inputs < MaxIgnored; inputs++)
        {
            if (!Connection.TryReceive(patience, out RspInputKind kind, out ReadOnlySpan<byte> body))
                return null;

            switch (kind)
            {
                case RspInputKind.Packet when _due > 0:
                    TakeDue(body);
                    break;
                case RspInputKind.Nack or RspInputKind.Corrupt or RspInputKind.Oversized when _due > 0:
                    _due = 0;
                    Distrust();
                    throw new RspException("what was sent ahead did not arrive whole", RspText.Excerpt(_resume));
                case RspInputKind.Packet:
                    return TakeStopReply(body);
                case RspInputKind.Nack when _resumesSent++ <= Options.Retries:
                    Connection.QueuePacket(_resume);
                    break;
                case RspInputKind.Corrupt when broken++ < Options.Retries:
                    Connection.QueueNack();
                    break;
                case RspInputKind.Nack or RspInputKind.Corrupt or RspInputKind.Oversized:
                    IsProgramRunning = false;
                    Distrust();
                    throw new RspException("the stop packet does not arrive whole", RspText.Excerpt(_resume));
                default:
                    break; // acknowledgements, notifications, noise
            }
        }

        return null;
    }

    /// <summary>Takes a reply to what was sent ahead. It is not acknowledged: the program runs already.</summary>
    private void TakeDue(ReadOnlySpan<byte> body)
    {
        _due--;
        if (!body.SequenceEqual("OK"u8))
            throw new RspException(
                "the stub does not write what it was told to, and lets the program run",
                RspText.Excerpt(_resume),
                RspText.Excerpt(body)
            );
    }

    private StopReply TakeStopReply(ReadOnlySpan<byte> body)
    {
        IsProgramRunning = false;
        Connection.QueueAck();
        bool isStop = StopReply.TryParse(body, out StopReply? stop);
        if (stop is { Kind: not StopKind.Signal })
            End = stop;
        else
            FlushAcks();

        return isStop
            ? stop!
            : throw new RspException(
                "the stub does not let the program run",
                RspText.Excerpt(_resume),
                RspText.Excerpt(body)
            );
    }
}
