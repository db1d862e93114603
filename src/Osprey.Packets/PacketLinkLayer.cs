using System.Buffers.Binary;
using Osprey.Packets.Link;

namespace Osprey.Packets;

/// <summary>Gives every captured packet an Ethernet header, which is what capture files and tools expect.</summary>
public static class PacketLinkLayer
{
    /// <summary>Bytes of an Ethernet header: two addresses and the type.</summary>
    public const int HeaderSize = 14;

    /// <summary>Finds the header that must be put before a packet's captured bytes.</summary>
    /// <param name="protocol">The tracepoint's protocol number, see <see cref="PacketProtocol"/>.</param>
    /// <param name="header">Room for the header, <see cref="HeaderSize"/> bytes or more.</param>
    /// <param name="size">0 when the captured bytes have their own header, else <see cref="HeaderSize"/>.</param>
    /// <returns>
    /// <see langword="false"/> for a protocol that Ethernet has no type for: the packet can't be framed.
    /// </returns>
    public static bool TryGetHeader(int protocol, Span<byte> header, out int size)
    {
        size = 0;
        if (protocol == (int)PacketProtocol.Ethernet)
            return true;

        if (!TryGetEtherType(protocol, out ushort etherType))
            return false;

        size = HeaderSize;
        header[..(HeaderSize - sizeof(ushort))].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header[(HeaderSize - sizeof(ushort))..], etherType);
        return true;
    }

    /// <summary>The Ethernet type of a protocol whose packets are recorded without their link header.</summary>
    /// <remarks>The table is the one of OSv's own tool, down to its AARP, which it files under ARP.</remarks>
    internal static bool TryGetEtherType(int protocol, out ushort etherType)
    {
        etherType = (PacketProtocol)protocol switch
        {
            PacketProtocol.IPv4 => EtherTypes.IPv4,
            PacketProtocol.Arp or PacketProtocol.Aarp => EtherTypes.Arp,
            PacketProtocol.Route => EtherTypes.ReverseArp,
            PacketProtocol.Ipx => EtherTypes.Ipx,
            PacketProtocol.IPv6 => EtherTypes.IPv6,
            _ => 0,
        };
        return etherType != 0;
    }
}
