using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Internet;

/// <summary>Walks the extension headers between an IPv6 header and its payload.</summary>
/// <param name="packet">What was captured, from the IPv6 header on.</param>
/// <param name="payloadLength">The header's payload length; 0 says that an option has it.</param>
/// <param name="length">How much room the layer below had for the packet.</param>
internal ref struct IPv6Extensions(ReadOnlySpan<byte> packet, uint payloadLength, uint length)
{
    public const int FragmentOffsetMask = 0xfff8;

    private const int HeaderSize = 40;
    private const int FragmentSize = 8;
    private const int Stop = -1;

    private readonly ReadOnlySpan<byte> _packet = packet;
    private readonly uint _headerPayloadLength = payloadLength;
    private int _position = HeaderSize;
    private bool _hasExtensions;

    /// <summary>The protocol that follows the last extension header.</summary>
    public byte Protocol { get; private set; } = packet[6];

    /// <summary>The part of the payload that was captured.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; } = packet[HeaderSize..];

    /// <summary>The length of the payload.</summary>
    public uint Length { get; private set; } = payloadLength != 0 ? payloadLength : length;

    /// <summary>The payload length that the header has, or a jumbogram's option.</summary>
    public uint PayloadLength { get; private set; } = payloadLength;

    /// <summary>Tells whether the payload goes on in other packets.</summary>
    public bool IsFragmented { get; private set; }

    /// <summary>Tells whether the payload length was found in an option.</summary>
    public readonly bool IsJumbogram => PayloadLength != _headerPayloadLength;

    /// <summary>Writes the extension headers.</summary>
    /// <returns><see langword="false"/> when there is no payload to go on with: the line ends here.</returns>
    public bool TryFollow(ref PacketText text)
    {
        while (
            Protocol
                is IpProtocols.HopByHop
                    or IpProtocols.DestinationOptions
                    or IpProtocols.Routing
                    or IpProtocols.Fragment
        )
        {
            int size = WriteHeader(ref text);
            if (size == Stop)
                return false;

            if (Length < size)
            {
                text.WriteCut("ip6"u8);
                return false;
            }

            _hasExtensions = true;
            Protocol = Payload[0];
            Length -= (uint)size;
            _position += size;
            Payload = Payload[Math.Min(size, Payload.Length)..];
        }

        return TryFixLength(ref text);
    }

    private bool TryFixLength(ref PacketText text)
    {
        if (IsJumbogram)
        {
            ulong total = PayloadLength + (ulong)HeaderSize;
            Length = (uint)Math.Min(total - (uint)_position, uint.MaxValue);
        }
        else if (PayloadLength == 0)
        {
            if (_hasExtensions)
            {
                text.WriteCut("ip6"u8);
                return false;
            }

            Length = 0;
            Payload = [];
        }

        return true;
    }

    /// <summary>Writes one extension header and returns its size, or <see cref="Stop"/>.</summary>
    private int WriteHeader(ref PacketText text) =>
        Protocol switch
        {
            IpProtocols.HopByHop => WriteHopByHop(ref text),
            IpProtocols.DestinationOptions => WriteDestinationOptions(ref text),
            IpProtocols.Routing => IPv6RoutingHeader.Write(ref text, Payload),
            _ => WriteFragment(ref text),
        };

    private int WriteHopByHop(ref PacketText text)
    {
        if (_hasExtensions)
        {
            text.Write(
                _packet[6] == IpProtocols.HopByHop
                    ? "[The Hop-by-Hop Options header was already found]"u8
                    : "[The Hop-by-Hop Options header don't follow the IPv6 header]"u8
            );
            text.WriteInvalid();
            return Stop;
        }

        if (Payload.Length < 2)
        {
            text.WriteCut("hbhopt"u8);
            return Stop;
        }

        int size = GetOptionsSize();
        bool isGood = size != Stop;
        if (isGood)
        {
            text.Write("HBH "u8);
            uint payloadLength = PayloadLength;
            isGood = IPv6Options.TryRead(ref text, Payload[2..size], ref payloadLength);
            PayloadLength = payloadLength;
        }

        if (!isGood)
            text.WriteCut("hbhopt"u8);

        if (PayloadLength == 0)
        {
            text.Write("[No valid Jumbo Payload Hop-by-Hop option found]"u8);
            text.WriteInvalid();
            return Stop;
        }

        return isGood ? size : Stop;
    }

    private readonly int WriteDestinationOptions(ref PacketText text)
    {
        int size = GetOptionsSize();
        if (size == Stop)
            text.WriteCut("dstopt"u8);
        else
            text.Write("DSTOPT "u8);

        return size;
    }

    private readonly int GetOptionsSize()
    {
        int size = Payload.Length < 2 ? int.MaxValue : (Payload[1] + 1) * 8;
        return size > Payload.Length ? Stop : size;
    }

    private int WriteFragment(ref PacketText text)
    {
        if (Payload.Length < 4)
        {
            text.WriteCut("frag6"u8);
            return Stop;
        }

        uint offset = (uint)ReadUInt16BigEndian(Payload[2..]) & FragmentOffsetMask;
        // Wraps as tcpdump's
        ulong rest = unchecked(HeaderSize + (ulong)_headerPayloadLength - (ulong)_position - FragmentSize);
        text.Write("frag ("u8, offset, "|"u8);
        text.WriteNumber(rest);
        text.Write((byte)')');
        if (offset != 0)
            return Stop;

        text.Write((byte)' ');
        if (Payload.Length <= FragmentSize)
            return Stop;

        IsFragmented = true;
        return FragmentSize;
    }
}
