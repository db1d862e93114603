using System.Buffers.Binary;
using Osprey.Packets.Link;

namespace Osprey.Packets;

/// <summary>Gives every captured packet an Ethernet header, which is what capture files and tools expect.</summary>
public static class PacketLinkLayer
{
    /// <summary>Bytes of an Ethernet header: two addresses and the type.</summary>
    public const int HeaderSize = 14;

    private const int VlanTagSize = 4;

    /// <summary>Finds the header that must be put before a packet's captured bytes.</summary>
    /// <param name="protocol">The tracepoint's protocol number, see <see cref="PacketProtocol"/>.</param>
    /// <param name="header">Room for the header, <see cref="HeaderSize"/> bytes or more.</param>
    /// <param name="size">0 when the captured bytes have their own header, else <see cref="HeaderSize"/>.</param>
    /// <param name="asReference">Whether to take the Ethernet types of OSv's own tool.</param>
    /// <returns>
    /// <see langword="false"/> for a protocol that Ethernet has no type for: the packet can't be framed.
    /// </returns>
    public static bool TryGetHeader(int protocol, Span<byte> header, out int size, bool asReference = false)
    {
        size = 0;
        if (protocol == (int)PacketProtocol.Ethernet)
            return true;

        if (!TryGetEtherType(protocol, out ushort etherType, asReference))
            return false;

        size = HeaderSize;
        header[..(HeaderSize - sizeof(ushort))].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header[(HeaderSize - sizeof(ushort))..], etherType);
        return true;
    }

    /// <summary>The Ethernet type of a protocol whose packets are recorded without their link header.</summary>
    /// <remarks>
    /// A message of a routing socket has none: it never goes over a link. OSv's own tool takes it for reverse ARP, and
    /// AARP for ARP.
    /// </remarks>
    /// <param name="protocol">The tracepoint's protocol number, see <see cref="PacketProtocol"/>.</param>
    /// <param name="etherType">The type; 0 when there is none.</param>
    /// <param name="asReference">Whether to take the table of OSv's own tool.</param>
    public static bool TryGetEtherType(int protocol, out ushort etherType, bool asReference = false)
    {
        etherType = (PacketProtocol)protocol switch
        {
            PacketProtocol.IPv4 => EtherTypes.IPv4,
            PacketProtocol.Arp => EtherTypes.Arp,
            PacketProtocol.Aarp => asReference ? EtherTypes.Arp : EtherTypes.Aarp,
            PacketProtocol.Route when asReference => EtherTypes.ReverseArp,
            PacketProtocol.Ipx => EtherTypes.Ipx,
            PacketProtocol.IPv6 => EtherTypes.IPv6,
            _ => 0,
        };
        return etherType != 0;
    }

    /// <summary>Finds what an Ethernet frame carries, behind its VLAN tags.</summary>
    /// <param name="frame">The frame, from its Ethernet header on.</param>
    /// <param name="etherType">The type of what it carries.</param>
    /// <param name="payload">What it carries.</param>
    /// <returns><see langword="false"/> when the frame ends before.</returns>
    public static bool TryGetPayload(ReadOnlySpan<byte> frame, out ushort etherType, out ReadOnlySpan<byte> payload)
    {
        for (int at = HeaderSize - sizeof(ushort); frame.Length >= at + sizeof(ushort); at += VlanTagSize)
        {
            etherType = BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
            if (etherType is EtherTypes.Vlan or EtherTypes.ServiceVlan)
                continue;

            payload = frame[(at + sizeof(ushort))..];
            return true;
        }

        etherType = 0;
        payload = [];
        return false;
    }
}
