using Osprey.Packets;
using Osprey.Traces.Model;

namespace Osprey.Traces.Network;

/// <summary>Chooses among the samples of packets.</summary>
/// <remarks>
/// <para>
/// OSv records a packet that it receives when the driver hands on the frame, and once more when the Ethernet layer
/// hands
/// on what the frame carries, then without its link header. Both happen on one thread with no other packet between,
/// since
/// the Ethernet layer calls on directly. So a packet without a link header is the same as a frame when it is the next
/// that
/// its thread records as received, is of the type that the frame names, and has the bytes that the frame carries, as
/// far
/// as both were captured. A frame that was queued is handed on by another thread, which records it as being handled.
/// </para>
/// <para>
/// Packets that never were a frame, such as those of the loopback interface, follow no such frame and are kept. So is
/// the
/// second record of a packet whose first was lost.
/// </para>
/// </remarks>
public sealed class PacketSelection
{
    /// <summary>Threads that may be amid a packet at the same time; the oldest is forgotten first.</summary>
    private const int MaxThreads = 64;

    private readonly PacketSamples _samples;
    private readonly PacketChoice _choice;
    private readonly List<ReceivedFrame> _frames = [];

    /// <param name="samples">Finds the packets.</param>
    /// <param name="choice">The samples to choose.</param>
    public PacketSelection(PacketSamples samples, PacketChoice choice)
    {
        _samples = samples;
        _choice = choice;
    }

    /// <summary>Tells whether a sample holds a packet that is shown.</summary>
    /// <remarks>To be asked for every sample of the trace in order, also for those that a filter leaves out.</remarks>
    public bool Includes(in TraceEvent sample) =>
        _samples.IsPacket(sample.Tracepoint)
        && _choice switch
        {
            PacketChoice.AllSamples => true,
            PacketChoice.AllLevels => _samples.DirectionOf(sample.Tracepoint) is not null,
            _ => IncludesOnce(sample),
        };

    private bool IncludesOnce(in TraceEvent sample)
    {
        PacketDirection? direction = _samples.DirectionOf(sample.Tracepoint);
        if (direction == PacketDirection.Outbound)
            return true;

        int protocol = _samples.ProtocolOf(sample);
        if (protocol == (int)PacketProtocol.Ethernet)
            Remember(sample.Thread, _samples.BytesOf(sample));
        else if (direction is not null && TryForget(sample.Thread, out ReceivedFrame? frame))
            return !frame.Carries(protocol, _samples.BytesOf(sample));

        return direction is not null;
    }

    private void Remember(ulong thread, ReadOnlySpan<byte> frame)
    {
        if (!TryForget(thread, out ReceivedFrame? entry))
        {
            if (_frames.Count == MaxThreads)
            {
                entry = _frames[0];
                _frames.RemoveAt(0);
            }
            else
            {
                entry = new ReceivedFrame();
            }
        }

        entry.Set(thread, frame);
        _frames.Add(entry);
    }

    /// <summary>Takes out the frame that a thread received last.</summary>
    private bool TryForget(ulong thread, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ReceivedFrame? frame)
    {
        int index = _frames.FindLastIndex(received => received.Thread == thread);
        frame = index < 0 ? null : _frames[index];
        if (index >= 0)
            _frames.RemoveAt(index);

        return frame is not null;
    }
}
