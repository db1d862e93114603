using Osprey.Packets.Transport;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Internet;

/// <summary>Hands an IP packet's payload to its protocol's decoder.</summary>
internal static class IpPayloadDecoder
{
    /// <summary>IP inside of IP is followed to this depth: more is an attack, not a tunnel.</summary>
    private const int DeepestTunnel = 16;

    /// <param name="text">Where to.</param>
    /// <param name="header">The IP header around it.</param>
    /// <param name="protocol">What the payload is.</param>
    /// <param name="payload">What was captured of it.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="isFragmented">Whether it goes on in other packets.</param>
    /// <param name="depth">How many IP headers are around the one in <paramref name="header"/>.</param>
    public static void Decode(
        ref PacketText text,
        in IpHeader header,
        byte protocol,
        ReadOnlySpan<byte> payload,
        uint length,
        bool isFragmented,
        int depth
    )
    {
        switch (protocol)
        {
            case IpProtocols.Tcp:
                TcpDecoder.Decode(ref text, header, payload, length);
                break;
            case IpProtocols.Udp:
                UdpDecoder.Decode(ref text, header, payload, length, isFragmented);
                break;
            case IpProtocols.Icmp when !header.IsIPv6:
                IcmpDecoder.Decode(ref text, payload, length);
                break;
            case IpProtocols.IcmpV6 when header.IsIPv6:
                IcmpV6Decoder.Decode(ref text, payload, length);
                break;
            case IpProtocols.Igmp when !header.IsIPv6:
                IgmpDecoder.Decode(ref text, payload, length);
                break;
            case IpProtocols.Icmp or IpProtocols.Igmp or IpProtocols.IcmpV6:
                WriteWrongVersion(ref text, protocol, header.IsIPv6);
                break;
            case IpProtocols.IPv4 when depth < DeepestTunnel:
                IPv4Decoder.Decode(ref text, payload, length, depth + 1);
                break;
            case IpProtocols.IPv6 when depth < DeepestTunnel:
                IPv6Decoder.Decode(ref text, payload, length, depth + 1);
                break;
            case IpProtocols.Esp:
                WriteEncrypted(ref text, payload, length);
                break;
            case IpProtocols.SunNd:
                text.Write(" nd "u8, length);
                break;
            case IpProtocols.None:
                text.Write("no next header"u8);
                break;
            default:
                if (IpProtocols.HasPorts(protocol))
                    header.WriteAddresses(ref text);

                text.Write(" ip-proto-"u8, protocol, " "u8);
                text.WriteNumber(length);
                break;
        }
    }

    private static void WriteWrongVersion(ref PacketText text, byte protocol, bool isIPv6)
    {
        text.Write((byte)'[');
        text.Write(
            protocol switch
            {
                IpProtocols.Icmp => "ICMP"u8,
                IpProtocols.Igmp => "IGMP"u8,
                _ => "ICMPv6"u8,
            }
        );
        text.Write(isIPv6 ? " requires IPv4]"u8 : " requires IPv6]"u8);
        text.WriteInvalid();
    }

    private static void WriteEncrypted(ref PacketText text, ReadOnlySpan<byte> payload, uint length)
    {
        if (payload.Length <= 8)
        {
            text.WriteCut("esp"u8);
            return;
        }

        text.Write("ESP(spi=0x"u8);
        text.WriteHex(ReadUInt32BigEndian(payload), 8);
        text.Write(",seq=0x"u8);
        text.WriteHex(ReadUInt32BigEndian(payload[4..]));
        text.Write("), length "u8, length);
    }
}
