using System.Buffers.Binary;
using Osprey.Packets.Link;

namespace Osprey.Packets;

/// <summary>Finds how long a packet was before the recorder cut it: only its own headers can tell.</summary>
internal static class PacketFrameLength
{
    private const int IPv4HeaderSize = 20;
    private const int IPv6HeaderSize = 40;

    /// <summary>The frame's length with its Ethernet header.</summary>
    /// <returns>
    /// At least the size of what was captured; exactly that for anything but IP, whose length is unknown.
    /// </returns>
    public static uint Get(int protocol, ReadOnlySpan<byte> captured)
    {
        if (protocol == (int)PacketProtocol.Ethernet)
            return Math.Max((uint)captured.Length, GetOfEthernet(captured));

        return PacketLinkLayer.TryGetEtherType(protocol, out ushort etherType)
            ? PacketLinkLayer.HeaderSize + Math.Max((uint)captured.Length, GetOfNetworkLayer(etherType, captured))
            : (uint)captured.Length;
    }

    private static uint GetOfEthernet(ReadOnlySpan<byte> frame)
    {
        return PacketLinkLayer.TryGetPayload(frame, out ushort type, out ReadOnlySpan<byte> payload)
            ? (uint)(frame.Length - payload.Length) + GetOfNetworkLayer(type, payload)
            : 0;
    }

    private static uint GetOfNetworkLayer(ushort etherType, ReadOnlySpan<byte> packet)
    {
        if (etherType == EtherTypes.IPv4 && packet.Length >= IPv4HeaderSize && packet[0] >> 4 == 4)
            return BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);

        if (etherType != EtherTypes.IPv6 || packet.Length < IPv6HeaderSize || packet[0] >> 4 != 6)
            return 0;

        ushort payload = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        return payload == 0 ? 0 : IPv6HeaderSize + (uint)payload; // 0 is a jumbogram: its length is in an option
    }
}
