using Osprey.Packets;

namespace Osprey.Traces.Network;

/// <summary>A frame that a thread received, and what of it a second record of the packet would hold.</summary>
internal sealed class ReceivedFrame
{
    private byte[] _payload = [];
    private int _size;
    private ushort _etherType;

    /// <summary>The thread that received it.</summary>
    public ulong Thread { get; private set; }

    /// <summary>Takes the place of the frame that this was before.</summary>
    /// <param name="thread">The thread that received it.</param>
    /// <param name="frame">The bytes that were captured.</param>
    public void Set(ulong thread, ReadOnlySpan<byte> frame)
    {
        Thread = thread;
        PacketLinkLayer.TryGetPayload(frame, out _etherType, out ReadOnlySpan<byte> payload);
        _size = payload.Length;
        if (_payload.Length < _size)
            _payload = new byte[_size];

        payload.CopyTo(_payload);
    }

    /// <summary>Tells whether a packet that was recorded without a link header is what the frame carries.</summary>
    /// <param name="protocol">The packet's protocol.</param>
    /// <param name="packet">The bytes that were captured of it.</param>
    public bool Carries(int protocol, ReadOnlySpan<byte> packet)
    {
        int size = Math.Min(_size, packet.Length);
        return size > 0
            && PacketLinkLayer.TryGetEtherType(protocol, out ushort etherType)
            && etherType == _etherType
            && packet[..size].SequenceEqual(_payload.AsSpan(0, size));
    }
}
