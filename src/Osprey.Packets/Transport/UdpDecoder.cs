using Osprey.Packets.Applications;
using Osprey.Packets.Internet;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Transport;

/// <summary>UDP (RFC 768), and what it carries, told by its ports.</summary>
internal static class UdpDecoder
{
    private const int HeaderSize = 8;
    private const ushort Domain = 53;
    private const ushort BootpServer = 67;
    private const ushort BootpClient = 68;
    private const ushort NetworkTime = 123;
    private const ushort MulticastDomain = 5353;

    /// <param name="text">Where to.</param>
    /// <param name="ip">The IP header around it.</param>
    /// <param name="datagram">What was captured.</param>
    /// <param name="length">How long it is by the IP header.</param>
    /// <param name="isFragmented">Whether it goes on in other packets.</param>
    public static void Decode(
        ref PacketText text,
        in IpHeader ip,
        ReadOnlySpan<byte> datagram,
        uint length,
        bool isFragmented
    )
    {
        if (datagram.Length < 4)
        {
            if (ip.Protocol == IpProtocols.Udp)
                ip.WriteAddresses(ref text);

            text.WriteCut("udp"u8);
            return;
        }

        ushort source = ReadUInt16BigEndian(datagram);
        ushort destination = ReadUInt16BigEndian(datagram[2..]);
        ip.WriteEndpoints(ref text, IpProtocols.Udp, source, destination);
        if (length < HeaderSize)
        {
            text.Write("truncated-udp "u8, length);
            return;
        }

        if (datagram.Length < 6)
        {
            text.WriteCut("udp"u8);
            return;
        }

        uint claimed = ReadUInt16BigEndian(datagram[4..]);
        if (claimed == 0 && length > ushort.MaxValue)
            claimed = length; // a jumbogram: the number has no room in the header (RFC 2675)

        if (claimed < HeaderSize)
        {
            text.Write("truncated-udplength "u8, claimed);
            return;
        }

        if (datagram.Length < HeaderSize)
        {
            text.WriteCut("udp"u8);
            return;
        }

        claimed -= HeaderSize;
        length = Math.Min(claimed, length - HeaderSize);
        DecodePayload(ref text, source, destination, datagram[HeaderSize..], length, claimed, isFragmented);
    }

    private static void DecodePayload(
        ref PacketText text,
        ushort source,
        ushort destination,
        ReadOnlySpan<byte> payload,
        uint length,
        uint claimed,
        bool isFragmented
    )
    {
        if (Either(Domain))
            DomainDecoder.Decode(ref text, payload, length, isMulticast: false);
        else if (Either(MulticastDomain))
            DomainDecoder.Decode(ref text, payload, length, isMulticast: true);
        else if (Either(BootpClient) || Either(BootpServer))
            BootpDecoder.Decode(ref text, payload, length);
        else if (Either(NetworkTime))
            DecodeNetworkTime(ref text, payload, length);
        else
            WriteLength(ref text, length, claimed, isFragmented);

        bool Either(ushort port) => source == port || destination == port;
    }

    private static void WriteLength(ref PacketText text, uint length, uint claimed, bool isFragmented)
    {
        bool isBad = claimed > length && !isFragmented;
        text.Write(isBad ? "UDP, bad length "u8 : "UDP, length "u8, claimed);
        if (isBad)
            text.Write(" > "u8, length);
    }

    /// <summary>NTP (RFC 5905): version and mode.</summary>
    private static void DecodeNetworkTime(ref PacketText text, ReadOnlySpan<byte> payload, uint length)
    {
        if (payload.IsEmpty)
        {
            text.WriteCut("ntp"u8);
            return;
        }

        text.Write("NTPv"u8, (uint)((payload[0] >> 3) & 7), ", "u8);
        text.Write(
            (payload[0] & 7) switch
            {
                0 => "unspecified"u8,
                1 => "symmetric active"u8,
                2 => "symmetric passive"u8,
                3 => "Client"u8,
                4 => "Server"u8,
                5 => "Broadcast"u8,
                6 => "Control Message"u8,
                _ => "Reserved"u8,
            }
        );
        text.Write(", length "u8, length);
    }
}
