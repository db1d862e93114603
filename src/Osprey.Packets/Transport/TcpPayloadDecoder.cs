using Osprey.Packets.Applications;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Transport;

/// <summary>Decodes the payload of a TCP segment, by its ports.</summary>
internal static class TcpPayloadDecoder
{
    private const ushort Ftp = 21;
    private const ushort Ssh = 22;
    private const ushort Smtp = 25;
    private const ushort Domain = 53;
    private const ushort Http = 80;
    private const ushort Rtsp = 554;
    private const ushort HttpAlternate = 8080;
    private const ushort RtspAlternate = 8554;

    /// <param name="text">Where to; for ports that mean nothing to us, nothing is written.</param>
    /// <param name="source">The sender's port.</param>
    /// <param name="destination">The receiver's port.</param>
    /// <param name="payload">What was captured.</param>
    /// <param name="length">How long it is, not 0.</param>
    public static void Decode(
        ref PacketText text,
        ushort source,
        ushort destination,
        ReadOnlySpan<byte> payload,
        uint length
    )
    {
        if (Either(Smtp))
            TextProtocolDecoder.DecodeFirstLine(ref text, TextProtocolDecoder.Smtp, payload, length);
        else if (Either(Ssh))
            TextProtocolDecoder.DecodeSshVersion(ref text, payload, length);
        else if (Either(Ftp))
            TextProtocolDecoder.DecodeFirstLine(ref text, TextProtocolDecoder.Ftp, payload, length);
        else if (Either(Http) || Either(HttpAlternate))
            TextProtocolDecoder.DecodeFirstLine(ref text, TextProtocolDecoder.Http, payload, length);
        else if (Either(Rtsp) || Either(RtspAlternate))
            TextProtocolDecoder.DecodeFirstLine(ref text, TextProtocolDecoder.Rtsp, payload, length);
        else if (Either(Domain))
            DecodeDomain(ref text, payload, length);

        bool Either(ushort port) => source == port || destination == port;
    }

    private static void DecodeDomain(ref PacketText text, ReadOnlySpan<byte> payload, uint length)
    {
        const int PrefixSize = 2;
        if (length < PrefixSize)
        {
            text.Write(" [DNS over TCP: length "u8, length, " < 2]"u8);
            text.WriteInvalid();
            return;
        }

        if (payload.Length < PrefixSize)
        {
            text.WriteCut("domain"u8);
            return;
        }

        uint prefix = ReadUInt16BigEndian(payload);
        length -= PrefixSize;
        if (prefix != length)
        {
            text.Write(" [prefix length("u8, prefix, ") != length("u8);
            text.WriteNumber(length);
            text.Write(")]"u8);
            text.WriteInvalid();
            return;
        }

        text.Write((byte)' ');
        DomainDecoder.Decode(ref text, payload[PrefixSize..], length, isMulticast: false);
    }
}
