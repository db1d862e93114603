using Osprey.Packets.Internet;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Transport;

/// <summary>TCP (RFC 9293), as for a packet alone: sequence numbers are the header's own.</summary>
internal static class TcpDecoder
{
    private const int HeaderSize = 20;
    private const byte Fin = 0x01;
    private const byte Syn = 0x02;
    private const byte Rst = 0x04;
    private const byte Ack = 0x10;
    private const byte Urg = 0x20;

    /// <summary>A letter for each flag, from the lowest bit.</summary>
    private static ReadOnlySpan<byte> FlagLetters => "FSRP.UEW"u8;

    /// <param name="text">Where to.</param>
    /// <param name="ip">The IP header around it.</param>
    /// <param name="segment">What was captured.</param>
    /// <param name="length">How long it is by the IP header.</param>
    public static void Decode(ref PacketText text, in IpHeader ip, ReadOnlySpan<byte> segment, uint length)
    {
        if (segment.Length < 4)
        {
            ip.WriteAddressesOnly(ref text);
            text.Write((byte)':');
            text.WriteCut("tcp"u8);
            return;
        }

        ushort sourcePort = ReadUInt16BigEndian(segment);
        ushort destinationPort = ReadUInt16BigEndian(segment[2..]);
        ip.WriteEndpoints(ref text, IpProtocols.Tcp, sourcePort, destinationPort);
        if (segment.Length < HeaderSize)
        {
            text.WriteCut("tcp"u8);
            return;
        }

        uint headerSize = (uint)(segment[12] >> 4) * 4;
        if (headerSize < HeaderSize)
        {
            text.Write(" tcp "u8, unchecked(length - headerSize), " [bad hdr length "u8);
            text.WriteNumber(headerSize);
            text.Write(" - too short, < 20]"u8);
            return;
        }

        WriteFlags(ref text, segment[13]);
        if (headerSize > length)
        {
            text.Write(" [bad hdr length "u8, headerSize, " - too long, > "u8);
            text.WriteNumber(length);
            text.Write((byte)']');
            return;
        }

        WriteNumbers(ref text, segment, length - headerSize);
        if (headerSize > HeaderSize && !TryWriteOptions(ref text, segment, (int)headerSize, length - headerSize))
            return;

        text.Write(", length "u8, length - headerSize);
        if (length == headerSize)
            return;

        if (segment.Length < headerSize)
        {
            text.Write(" [remaining caplen("u8, (uint)segment.Length, ") < header length("u8);
            text.WriteNumber(headerSize);
            text.Write(")]"u8);
            text.WriteCut("tcp"u8);
            return;
        }

        TcpPayloadDecoder.Decode(
            ref text,
            sourcePort,
            destinationPort,
            segment[(int)headerSize..],
            length - headerSize
        );
    }

    private static void WriteFlags(ref PacketText text, byte flags)
    {
        text.Write("Flags ["u8);
        for (int bit = 0; bit < FlagLetters.Length; bit++)
        {
            if ((flags & (1 << bit)) != 0)
                text.Write(FlagLetters[bit]);
        }

        if (flags == 0)
            text.Write("none"u8);

        text.Write((byte)']');
    }

    private static void WriteNumbers(ref PacketText text, ReadOnlySpan<byte> segment, uint payloadLength)
    {
        byte flags = segment[13];
        uint sequence = ReadUInt32BigEndian(segment[4..]);
        if (payloadLength > 0 || (flags & (Syn | Fin | Rst)) != 0)
            text.Write(", seq "u8, sequence);

        if (payloadLength > 0)
            text.Write(":"u8, unchecked(sequence + payloadLength)); // sequence numbers wrap

        if ((flags & Ack) != 0)
            text.Write(", ack "u8, ReadUInt32BigEndian(segment[8..]));

        text.Write(", win "u8, ReadUInt16BigEndian(segment[14..]));
        if ((flags & Urg) != 0)
            text.Write(", urg "u8, ReadUInt16BigEndian(segment[18..]));
    }

    private static bool TryWriteOptions(
        ref PacketText text,
        ReadOnlySpan<byte> segment,
        int headerSize,
        uint payloadLength
    )
    {
        // A lone packet opens its conversation, so what it selectively acknowledges counts from what it acknowledges.
        uint sackBase = (segment[13] & Ack) != 0 ? unchecked(ReadUInt32BigEndian(segment[8..]) - 1) : 0;
        bool isWhole = segment.Length >= headerSize + payloadLength;
        // With the byte behind them: an option that has no room for its length is bad, not cut.
        ReadOnlySpan<byte> options = segment[HeaderSize..Math.Min(segment.Length, headerSize + 1)];
        return TcpOptionsDecoder.TryDecode(ref text, options, headerSize - HeaderSize, sackBase, isWhole);
    }
}
