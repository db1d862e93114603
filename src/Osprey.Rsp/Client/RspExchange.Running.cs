using Osprey.Rsp.Framing;
using Osprey.Rsp.Packets;

namespace Osprey.Rsp.Client;

// While the program runs, the stub listens for one thing: any byte that arrives stops the program. So nothing may be
// sent then, no acknowledgement either, but the byte that is meant to stop it. The packet that lets it run has no reply
// of its own; the next packet that comes is the one that says that it stopped, whatever the cause.

/// <content>Letting the program run, and waiting until it stops.</content>
internal sealed partial class RspExchange
{
    private const byte Interruption = 0x03;

    private byte[] _resume = [];
    private int _resumesSent;

    /// <summary>True when the program was let run and did not stop since, as far as is known.</summary>
    public bool IsProgramRunning { get; private set; }

    /// <summary>Sends a packet that lets the program run. It is not waited for.</summary>
    public void Resume(ReadOnlySpan<byte> request)
    {
        Begin(request);
        Connection.Flush();
        _resume = request.ToArray();
        _resumesSent = 1;
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

    private StopReply TakeStopReply(ReadOnlySpan<byte> body)
    {
        IsProgramRunning = false;
        Connection.QueueAck();
        bool isStop = StopReply.TryParse(body, out StopReply? stop);
        if (stop is { Kind: not StopKind.Signal })
            End = stop;
        else
            Connection.Flush();

        return isStop
            ? stop!
            : throw new RspException(
                "the stub does not let the program run",
                RspText.Excerpt(_resume),
                RspText.Excerpt(body)
            );
    }
}
