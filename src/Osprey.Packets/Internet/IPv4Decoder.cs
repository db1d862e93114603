using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Internet;

/// <summary>IPv4 (RFC 791). Its options don't show in a one-line text.</summary>
internal static class IPv4Decoder
{
    private const int HeaderSize = 20;
    private const int OffsetMask = 0x1fff;
    private const int MoreFragments = 0x2000;

    /// <param name="text">Where to.</param>
    /// <param name="packet">What was captured.</param>
    /// <param name="length">How much room the layer below had for the packet.</param>
    /// <param name="depth">How many IP headers are around this one.</param>
    public static void Decode(ref PacketText text, ReadOnlySpan<byte> packet, uint length, int depth = 0)
    {
        if (packet.IsEmpty)
        {
            text.WriteCut("ip"u8);
            return;
        }

        int version = packet[0] >> 4;
        if (version != 4)
        {
            text.Write("IP"u8, (uint)version);
            if (version == 6)
                text.Write(", wrong link-layer encapsulation"u8);

            text.WriteInvalid();
            return;
        }

        text.Write("IP "u8);
        if (packet.Length < HeaderSize)
        {
            text.WriteCut("ip"u8);
            return;
        }

        if (length < HeaderSize)
        {
            text.Write("truncated-ip "u8, length);
            return;
        }

        DecodeWhole(ref text, packet, length, depth);
    }

    private static void DecodeWhole(ref PacketText text, ReadOnlySpan<byte> packet, uint length, int depth)
    {
        int headerSize = (packet[0] & 0xf) * 4;
        if (headerSize < HeaderSize)
        {
            text.Write("bad-hlen "u8, (uint)headerSize);
            return;
        }

        uint total = ReadUInt16BigEndian(packet[2..]);
        if (length < total)
            text.Write("truncated-ip - "u8, total - length, " bytes missing! "u8);

        if (total < headerSize)
        {
            text.Write("bad-len "u8, total);
            return;
        }

        if (packet.Length > total)
            packet = packet[..(int)total];

        ushort fragment = ReadUInt16BigEndian(packet[6..]);
        byte protocol = packet[9];
        IpHeader header = new(packet.Slice(12, 4), packet.Slice(16, 4), protocol);
        if ((fragment & OffsetMask) != 0)
        {
            header.WriteAddressesOnly(ref text);
            text.Write(": ip-proto-"u8, protocol);
            return;
        }

        if (!IpProtocols.HasPorts(protocol))
            header.WriteAddresses(ref text);

        if (packet.Length < headerSize)
        {
            text.Write(" [remaining caplen("u8, (uint)packet.Length, ") < header length("u8);
            text.WriteNumber(headerSize);
            text.Write(")]"u8);
            text.WriteCut("ip"u8);
            return;
        }

        IpPayloadDecoder.Decode(
            ref text,
            header,
            protocol,
            packet[headerSize..],
            total - (uint)headerSize,
            (fragment & MoreFragments) != 0,
            depth
        );
    }
}
