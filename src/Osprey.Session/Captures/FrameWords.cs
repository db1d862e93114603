using System.Buffers;
using System.Text;
using Osprey.Packets;
using Osprey.Packets.Vsock;

namespace Osprey.Session.Captures;

/// <summary>Puts captured packets into words, as tcpdump does, or as a capture of vsockmon is shown.</summary>
public sealed class FrameWords
{
    private readonly ArrayBufferWriter<byte> _text = new(256);
    private readonly VsockConnectionTracker _connections = new();

    /// <summary>Describes a packet in one line. To be asked for each of a capture, in order.</summary>
    /// <param name="bytes">The packet with its link header.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="time">Its time, nanoseconds since 1970.</param>
    public string Describe(ReadOnlyMemory<byte> bytes, CaptureDeviceKind kind, ulong time)
    {
        if (kind == CaptureDeviceKind.Network)
        {
            _text.ResetWrittenCount();
            PacketDecoder.Decode((int)PacketProtocol.Ethernet, bytes.Span, _text);
            return Encoding.ASCII.GetString(_text.WrittenSpan);
        }

        return VsockPacket.TryDecode(bytes, (uint)bytes.Length, out VsockPacket packet, out string? problem)
            ? VsockWords.Describe(packet, _connections.Add(packet, time))
            : $"not decoded: {problem}";
    }
}
