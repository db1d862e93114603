using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Internet;

/// <summary>IPv6 (RFC 8200) with its extension headers, and jumbograms (RFC 2675).</summary>
internal static class IPv6Decoder
{
    private const int HeaderSize = 40;

    /// <param name="text">Where to.</param>
    /// <param name="packet">What was captured.</param>
    /// <param name="length">How much room the layer below had for the packet.</param>
    /// <param name="depth">How many IP headers are around this one.</param>
    public static void Decode(ref PacketText text, ReadOnlySpan<byte> packet, uint length, int depth = 0)
    {
        if (packet.Length < HeaderSize)
        {
            text.WriteCut("ip6"u8);
            return;
        }

        if (length < HeaderSize)
        {
            text.Write("truncated-ip6 "u8, length);
            return;
        }

        text.Write("IP6 "u8);
        if (packet[0] >> 4 != 6)
        {
            text.Write("version error: "u8, (uint)(packet[0] >> 4), " != 6"u8);
            return;
        }

        uint payloadLength = ReadUInt16BigEndian(packet[4..]);
        WriteMissing(ref text, payloadLength, length);
        if (payloadLength != 0 && packet.Length > payloadLength + HeaderSize)
            packet = packet[..(int)(payloadLength + HeaderSize)];

        IpHeader header = new(packet.Slice(8, 16), packet.Slice(24, 16), packet[6]);
        if (!IpProtocols.HasPorts(header.Protocol))
            header.WriteAddresses(ref text);

        IPv6Extensions extensions = new(packet, payloadLength, length);
        if (!extensions.TryFollow(ref text))
            return;

        if (extensions.IsJumbogram)
            WriteMissing(ref text, extensions.PayloadLength, length);

        IpPayloadDecoder.Decode(
            ref text,
            header,
            extensions.Protocol,
            extensions.Payload,
            extensions.Length,
            extensions.IsFragmented,
            depth
        );
    }

    /// <summary>Finds the destination port in a packet that an error message quotes.</summary>
    /// <returns><see langword="false"/> when it isn't UDP's or TCP's, or wasn't captured.</returns>
    public static bool TryFindTransport(ReadOnlySpan<byte> packet, out byte protocol, out ushort port)
    {
        protocol = 0;
        port = 0;
        if (packet.Length < HeaderSize)
            return false;

        protocol = packet[6];
        ReadOnlySpan<byte> rest = packet[HeaderSize..];
        while (rest.Length >= 4)
        {
            int size;
            switch (protocol)
            {
                case IpProtocols.Tcp or IpProtocols.Udp:
                    port = ReadUInt16BigEndian(rest[2..]);
                    return true;
                case IpProtocols.HopByHop or IpProtocols.DestinationOptions or IpProtocols.Routing:
                    size = (rest[1] + 1) * 8;
                    break;
                case IpProtocols.Fragment
                    when (ReadUInt16BigEndian(rest[2..]) & IPv6Extensions.FragmentOffsetMask) == 0:
                    size = 8;
                    break;
                case IpProtocols.Authentication:
                    size = (rest[1] + 2) * 4;
                    break;
                default:
                    return false;
            }

            protocol = rest[0];
            rest = rest[Math.Min(size, rest.Length)..];
        }

        return false;
    }

    private static void WriteMissing(ref PacketText text, uint payloadLength, uint length)
    {
        ulong total = payloadLength + (ulong)HeaderSize;
        if (payloadLength != 0 && length < total)
        {
            text.Write("truncated-ip6 - "u8);
            text.WriteNumber(total - length);
            text.Write(" bytes missing!"u8);
        }
    }
}
