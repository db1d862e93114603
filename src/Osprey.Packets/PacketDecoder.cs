using System.Buffers;
using Osprey.Packets.Link;

namespace Osprey.Packets;

/// <summary>Describes a captured packet in one line of text, in the words of <c>tcpdump -nn -t</c>.</summary>
/// <remarks>
/// <para>
/// The text equals the first line that tcpdump 4.99 prints for the packet alone, for what a guest's trace commonly has:
/// ARP, IPv4, IPv6, ICMP, IGMP, UDP, TCP, DNS, DHCP, NTP, and the text protocols over TCP. The recorder cuts long
/// packets: one was as long as its IP header says. To OSv's own tool the captured bytes are the whole packet, and an IP
/// packet that says it is longer is <c>truncated-ip</c>.
/// </para>
/// <para>
/// Differences that are meant: what we can't decode ends in its first bytes in hex, where tcpdump puts a dump on
/// further lines; other protocols over UDP are <c>UDP, length N</c>; other payloads of TCP are not looked at. Left at
/// numbers or hex are: the data of multipath TCP's option; SCTP, DCCP and all other protocols over IP, also those that
/// have ports; ICMPv6's node information, router renumbering and RPL; IGMP's mtrace and PIM; ARP over ATM and frame
/// relay; DNSSEC's algorithms in DNS options.
/// </para>
/// <para>
/// Input is hostile and may end anywhere: nothing here throws for what it contains. Where a decoder needs bytes that
/// were not captured, the line ends in <c>[|tcp]</c> or the like.
/// </para>
/// </remarks>
public static class PacketDecoder
{
    /// <summary>Writes the line, without a line break, as ASCII.</summary>
    /// <param name="protocol">The tracepoint's protocol number, see <see cref="PacketProtocol"/>.</param>
    /// <param name="captured">What was recorded of the packet.</param>
    /// <param name="output">Where to.</param>
    /// <param name="asReference">
    /// Whether to take the Ethernet types of OSv's own tool, and the captured bytes for the whole packet, as it does.
    /// </param>
    public static void Decode(
        int protocol,
        ReadOnlySpan<byte> captured,
        IBufferWriter<byte> output,
        bool asReference = false
    )
    {
        PacketText text = new(output);
        if (protocol == (int)PacketProtocol.Ethernet)
        {
            EthernetDecoder.Decode(ref text, captured, LengthOf(protocol, captured, asReference));
        }
        else if (PacketLinkLayer.TryGetEtherType(protocol, out ushort etherType, asReference))
        {
            uint length = LengthOf(protocol, captured, asReference);
            if (!EthernetDecoder.TryDecodePayload(ref text, etherType, captured, length))
                WriteUnknown(ref text, EtherTypes.GetName(etherType), captured);
        }
        else if (protocol == (int)PacketProtocol.Route)
        {
            RoutingMessageDecoder.Decode(ref text, captured);
        }
        else
        {
            text.Write("protocol "u8);
            text.WriteNumber(protocol);
            WriteUnknown(ref text, [], captured);
        }

        text.Complete();
    }

    /// <summary>The length of the packet as it was: the recorder cuts long ones, and their headers tell.</summary>
    private static uint LengthOf(int protocol, ReadOnlySpan<byte> captured, bool asReference)
    {
        if (asReference)
            return (uint)captured.Length;

        uint frame = PacketFrameLength.Get(protocol, captured);
        return protocol == (int)PacketProtocol.Ethernet ? frame : frame - PacketLinkLayer.HeaderSize;
    }

    private static void WriteUnknown(ref PacketText text, ReadOnlySpan<byte> name, ReadOnlySpan<byte> captured)
    {
        text.Write(name);
        text.Write(", length "u8, (uint)captured.Length, ": "u8);
        text.WriteHexSummary(captured);
    }
}
