using System.Buffers.Binary;
using Osprey.Packets;

namespace Osprey.Session.Packets;

/// <summary>Tells the packets whose line depends on the packets that tcpdump saw before.</summary>
/// <remarks>
/// <para>
/// tcpdump shows replies of NFS and AFS by the calls that it remembers, and messages of ISAKMP by the side that began.
/// (It remembers TCP's sequence numbers, too, but not with <c>-S</c>.) It goes by ports: 2049 and 111, 7000 to 7009,
/// 500
/// and 4500. A packet that neither asks nor adds to this memory may share a process with others.
/// </para>
/// <para>
/// Of a plain packet the ports are read. Of one that carries another, in a tunnel or as a fragment of 802.3, MPLS, GRE
/// and
/// so on, any number that could be such a port counts: a process too many costs milliseconds, one too few a wrong line.
/// </para>
/// </remarks>
internal static class TcpdumpMemory
{
    private const ushort IPv4 = 0x0800;
    private const ushort IPv6 = 0x86dd;
    private const ushort Arp = 0x0806;
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte IcmpV6 = 58;
    private const int IPv6HeaderSize = 40;

    /// <summary>Tells whether a packet may need, or change, what tcpdump remembers.</summary>
    /// <param name="protocol">The tracepoint's protocol number, see <see cref="PacketProtocol"/>.</param>
    /// <param name="captured">What was recorded of it.</param>
    public static bool MayTouch(int protocol, ReadOnlySpan<byte> captured)
    {
        ReadOnlySpan<byte> packet = captured;
        bool isFramed = protocol == (int)PacketProtocol.Ethernet;
        ushort type;
        if (
            isFramed
                ? !PacketLinkLayer.TryGetPayload(captured, out type, out packet)
                : !PacketLinkLayer.TryGetEtherType(protocol, out type)
        )
            return false;

        return type switch
        {
            Arp => false,
            IPv4 => MayTouchIPv4(packet),
            IPv6 => MayTouchIPv6(packet),
            _ => HasPort(packet),
        };
    }

    private static bool MayTouchIPv4(ReadOnlySpan<byte> packet)
    {
        int size = packet.IsEmpty ? 0 : (packet[0] & 0xf) * sizeof(uint);
        return packet.Length > 20 && size >= 20 && size <= packet.Length
            ? MayTouchPayload(packet[9], packet[size..])
            : HasPort(packet);
    }

    private static bool MayTouchIPv6(ReadOnlySpan<byte> packet) =>
        packet.Length >= IPv6HeaderSize ? MayTouchPayload(packet[6], packet[IPv6HeaderSize..]) : HasPort(packet);

    private static bool MayTouchPayload(byte protocol, ReadOnlySpan<byte> payload)
    {
        switch (protocol)
        {
            case Icmp or IcmpV6:
                return false;
            case Tcp:
                return HasPort(payload[..Math.Min(payload.Length, 4)]);
            case Udp when payload.Length >= 4:
                ushort from = BinaryPrimitives.ReadUInt16BigEndian(payload);
                ushort to = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
                return IsPort(from) || IsPort(to) || ((IsTunnel(from) || IsTunnel(to)) && HasPort(payload));
            default:
                return HasPort(payload);
        }
    }

    /// <summary>Looks for a port at every even place, where protocols put numbers of two bytes.</summary>
    private static bool HasPort(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i + 1 < bytes.Length; i += 2)
        {
            if (IsPort(BinaryPrimitives.ReadUInt16BigEndian(bytes[i..])))
                return true;
        }

        return false;
    }

    private static bool IsPort(ushort port) => port is 500 or 4500 or 111 or 2049 or (>= 7000 and <= 7009);

    /// <summary>Tells whether packets in UDP to this port carry packets: L2TP, GTP, Teredo, VXLAN and so on.</summary>
    private static bool IsTunnel(ushort port) =>
        port is 1701 or 2123 or 2152 or 3386 or 3544 or 4754 or 4789 or 4790 or 5246 or 5247 or 6081 or 6635 or 8472;
}
