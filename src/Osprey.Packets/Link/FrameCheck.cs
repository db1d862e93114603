using Osprey.Packets.Internet;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Link;

/// <summary>
/// Holds an Ethernet frame against its own lengths and checksums, to notice bytes that were overwritten meanwhile.
/// </summary>
/// <remarks>
/// A checksum of 16 bits misses one in 65536 random changes. What has none, such as ARP, or a fragment, or a segment
/// whose checksum a device is yet to fill in, is told by its lengths and addresses alone. Of a protocol that is not
/// known here, nothing tells it from other bytes: it counts as damaged.
/// </remarks>
public static class FrameCheck
{
    private const int AddressSize = 6;
    private const int ArpSize = 28;
    private const int IPv4HeaderSize = 20;
    private const int IPv6HeaderSize = 40;
    private const int UdpChecksum = 6;
    private const int TcpChecksum = 16;

    /// <summary>Checks a frame.</summary>
    /// <param name="frame">The frame, from its Ethernet header on.</param>
    /// <param name="isPartial">
    /// True when a device is yet to fill in the checksum of the transport layer, or to cut the frame into segments.
    /// </param>
    public static FrameVerdict Check(ReadOnlySpan<byte> frame, bool isPartial)
    {
        if (!PacketLinkLayer.TryGetPayload(frame, out ushort etherType, out ReadOnlySpan<byte> payload))
            return FrameVerdict.Damaged;

        ReadOnlySpan<byte> source = frame.Slice(AddressSize, AddressSize);
        if ((source[0] & 1) != 0 || source.IndexOfAnyExcept((byte)0) < 0)
            return FrameVerdict.Damaged; // nobody sends from a group's address, or from none

        return etherType switch
        {
            EtherTypes.IPv4 => CheckIPv4(payload, isPartial),
            EtherTypes.IPv6 => CheckIPv6(payload, isPartial),
            EtherTypes.Arp => CheckArp(payload, source),
            _ => CheckBridgeGroup(frame, etherType, payload.Length),
        };
    }

    private static FrameVerdict CheckArp(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> source)
    {
        if (packet.Length < ArpSize)
            return FrameVerdict.Damaged;

        // Ethernet and IPv4, with addresses of their lengths, a request or an answer, and the sender's address again.
        bool isKnown =
            ReadUInt16BigEndian(packet) == 1
            && ReadUInt16BigEndian(packet[2..]) == EtherTypes.IPv4
            && packet[4] == AddressSize
            && packet[5] == 4
            && ReadUInt16BigEndian(packet[6..]) is 1 or 2
            && packet.Slice(8, AddressSize).SequenceEqual(source);
        return isKnown ? FrameVerdict.Unverifiable : FrameVerdict.Damaged;
    }

    /// <summary>Of other protocols, those of bridges and neighbours: STP, LLDP, 802.1X (IEEE 802.1Q).</summary>
    private static FrameVerdict CheckBridgeGroup(ReadOnlySpan<byte> frame, ushort etherType, int size) =>
        frame.StartsWith<byte>([0x01, 0x80, 0xc2, 0, 0]) && (etherType > EtherTypes.LargestLength || etherType <= size)
            ? FrameVerdict.Unverifiable
            : FrameVerdict.Damaged;

    private static FrameVerdict CheckIPv4(ReadOnlySpan<byte> packet, bool isPartial)
    {
        if (packet.Length < IPv4HeaderSize || packet[0] >> 4 != 4)
            return FrameVerdict.Damaged;

        int header = (packet[0] & 0xf) * 4;
        int length = ReadUInt16BigEndian(packet[2..]);
        if (header < IPv4HeaderSize || header > packet.Length || !IsRight(packet[..header], 0))
            return FrameVerdict.Damaged;

        if (length == 0)
            return isPartial ? FrameVerdict.Unverifiable : FrameVerdict.Damaged; // too long for the field

        if (length < header || length > packet.Length)
            return FrameVerdict.Damaged;

        const int MoreFragmentsAndOffset = 0x3fff;
        if (isPartial || (ReadUInt16BigEndian(packet[6..]) & MoreFragmentsAndOffset) != 0)
            return FrameVerdict.Unverifiable;

        return CheckTransport(packet[9], packet.Slice(12, 8), packet[header..length]);
    }

    private static FrameVerdict CheckIPv6(ReadOnlySpan<byte> packet, bool isPartial)
    {
        if (packet.Length < IPv6HeaderSize || packet[0] >> 4 != 6)
            return FrameVerdict.Damaged;

        int length = ReadUInt16BigEndian(packet[4..]);
        if (length > packet.Length - IPv6HeaderSize)
            return FrameVerdict.Damaged;

        return isPartial || length == 0
            ? FrameVerdict.Unverifiable
            : CheckTransport(packet[6], packet.Slice(8, 32), packet.Slice(IPv6HeaderSize, length));
    }

    private static FrameVerdict CheckTransport(int protocol, ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> segment)
    {
        bool isIPv6 = addresses.Length > 8;
        switch (protocol)
        {
            case IpProtocols.Tcp when segment.Length <= TcpChecksum + 1:
            case IpProtocols.Udp when segment.Length <= UdpChecksum + 1:
                return FrameVerdict.Damaged;
            case IpProtocols.Udp when ReadUInt16BigEndian(segment[UdpChecksum..]) == 0:
                return FrameVerdict.Unverifiable; // the sender made none
            case IpProtocols.Tcp or IpProtocols.Udp:
            case IpProtocols.IcmpV6 when isIPv6:
                return Judge(segment, Sum(addresses, (ulong)(protocol + segment.Length)));
            case IpProtocols.Icmp when !isIPv6:
                return Judge(segment, 0);
            default:
                return FrameVerdict.Unverifiable;
        }
    }

    private static FrameVerdict Judge(ReadOnlySpan<byte> bytes, ulong start) =>
        IsRight(bytes, start) ? FrameVerdict.Verified : FrameVerdict.Damaged;

    /// <summary>Tells whether the sum in ones' complement, with the checksum in it, is all ones (RFC 1071).</summary>
    private static bool IsRight(ReadOnlySpan<byte> bytes, ulong start)
    {
        ulong sum = Sum(bytes, start);
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);

        return sum == ushort.MaxValue;
    }

    private static ulong Sum(ReadOnlySpan<byte> bytes, ulong sum)
    {
        for (; bytes.Length >= sizeof(uint); bytes = bytes[sizeof(uint)..])
            sum += ReadUInt32BigEndian(bytes); // folded later: 2^16 is 1 in this arithmetic

        if (bytes.Length >= sizeof(ushort))
        {
            sum += ReadUInt16BigEndian(bytes);
            bytes = bytes[sizeof(ushort)..];
        }

        return bytes.IsEmpty ? sum : sum + ((ulong)bytes[0] << 8);
    }
}
