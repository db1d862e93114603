using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Internet;

/// <summary>ICMP (RFC 792, 950, 1256): the message itself, not the packet that it complains about.</summary>
internal static class IcmpDecoder
{
    private const int HeaderSize = 8;
    private const int OriginalDestinationEnd = HeaderSize + 20;
    private const byte EchoReply = 0;
    private const byte Unreachable = 3;
    private const byte SourceQuench = 4;
    private const byte Redirect = 5;
    private const byte EchoRequest = 8;
    private const byte RouterAdvertisement = 9;
    private const byte RouterSolicitation = 10;
    private const byte TimeExceeded = 11;
    private const byte ParameterProblem = 12;
    private const byte TimestampRequest = 13;
    private const byte TimestampReply = 14;
    private const byte InformationRequest = 15;
    private const byte InformationReply = 16;
    private const byte MaskRequest = 17;
    private const byte MaskReply = 18;

    public static void Decode(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        if (message.Length < 2 || message.Length < GetSizeNeeded(message))
        {
            text.WriteCut("icmp"u8);
            return;
        }

        text.Write("ICMP "u8);
        WriteMessage(ref text, message);
        text.Write(", length "u8, length);
    }

    /// <summary>The bytes of a message that its text is made from.</summary>
    private static int GetSizeNeeded(ReadOnlySpan<byte> message) =>
        message[0] switch
        {
            EchoReply or EchoRequest or TimestampRequest => HeaderSize,
            Unreachable when message[1] == 3 && message.Length >= OriginalDestinationEnd => GetPortEnd(message),
            Unreachable or Redirect or TimeExceeded => OriginalDestinationEnd,
            RouterAdvertisement when message.Length >= HeaderSize && message[5] == 2 => HeaderSize + message[4] * 8,
            RouterAdvertisement => HeaderSize,
            ParameterProblem => message[1] == 0 ? 5 : 2,
            TimestampReply => HeaderSize + 12,
            MaskReply => HeaderSize + 4,
            _ => 2,
        };

    private static int GetPortEnd(ReadOnlySpan<byte> message) =>
        Math.Max(OriginalDestinationEnd, GetPortOffset(message) + sizeof(ushort));

    private static int GetPortOffset(ReadOnlySpan<byte> message) => HeaderSize + (message[HeaderSize] & 0xf) * 4 + 2;

    private static void WriteMessage(ref PacketText text, ReadOnlySpan<byte> message)
    {
        byte code = message[1];
        switch (message[0])
        {
            case EchoReply or EchoRequest:
                text.Write(message[0] == EchoRequest ? "echo request"u8 : "echo reply"u8);
                text.Write(", id "u8, ReadUInt16BigEndian(message[4..]), ", seq "u8);
                text.WriteNumber(ReadUInt16BigEndian(message[6..]));
                break;
            case Unreachable:
                WriteUnreachable(ref text, message, code);
                break;
            case Redirect:
                WriteRedirect(ref text, message, code);
                break;
            case RouterAdvertisement:
                WriteRouters(ref text, message);
                break;
            case TimeExceeded:
                WriteTimeExceeded(ref text, code);
                break;
            case ParameterProblem:
                text.Write(
                    code != 0 ? "parameter problem - code "u8 : "parameter problem - octet "u8,
                    code != 0 ? code : message[4]
                );
                break;
            case MaskReply:
                text.Write("address mask is 0x"u8);
                text.WriteHex(ReadUInt32BigEndian(message[8..]), 8);
                break;
            case TimestampRequest:
                text.Write("time stamp query id "u8, ReadUInt16BigEndian(message[4..]), " seq "u8);
                text.WriteNumber(ReadUInt16BigEndian(message[6..]));
                break;
            case TimestampReply:
                text.Write("time stamp reply id "u8, ReadUInt16BigEndian(message[4..]), " seq "u8);
                text.Write([], ReadUInt16BigEndian(message[6..]), ": org "u8);
                WriteTimeOfDay(ref text, ReadUInt32BigEndian(message[8..]));
                text.Write(", recv "u8);
                WriteTimeOfDay(ref text, ReadUInt32BigEndian(message[12..]));
                text.Write(", xmit "u8);
                WriteTimeOfDay(ref text, ReadUInt32BigEndian(message[16..]));
                break;
            default:
                WriteName(ref text, message[0]);
                break;
        }
    }

    private static void WriteName(ref PacketText text, byte type)
    {
        ReadOnlySpan<byte> name = type switch
        {
            SourceQuench => "source quench"u8,
            RouterSolicitation => "router solicitation"u8,
            InformationRequest => "information request"u8,
            InformationReply => "information reply"u8,
            MaskRequest => "address mask request"u8,
            _ => [],
        };
        if (name.IsEmpty)
            text.Write("type-#"u8, type);
        else
            text.Write(name);
    }

    private static void WriteTimeExceeded(ref PacketText text, byte code)
    {
        if (code <= 1)
            text.Write(code == 0 ? "time exceeded in-transit"u8 : "ip reassembly time exceeded"u8);
        else
            text.Write("time exceeded-#"u8, code);
    }

    private static void WriteUnreachable(ref PacketText text, ReadOnlySpan<byte> message, byte code)
    {
        text.Write(
            code switch
            {
                0 or 6 or 9 or 11 => "net "u8,
                1 or 7 or 10 or 12 or 13 or 14 or 15 => "host "u8,
                _ => [],
            }
        );
        text.WriteAddress(message[(OriginalDestinationEnd - 4)..OriginalDestinationEnd]);
        switch (code)
        {
            case 2:
                text.Write(" protocol "u8, message[HeaderSize + 9]);
                break;
            case 3:
                WritePort(ref text, message[HeaderSize + 9], ReadUInt16BigEndian(message[GetPortOffset(message)..]));
                break;
        }

        text.Write(" unreachable"u8);
        text.Write(
            code switch
            {
                4 => " - need to frag"u8,
                5 => " - source route failed"u8,
                6 or 7 => " - unknown"u8,
                8 => " - source host isolated"u8,
                9 or 10 => " - admin prohibited"u8,
                11 or 12 => " - tos prohibited"u8,
                13 => " - admin prohibited filter"u8,
                14 => " - host precedence violation"u8,
                15 => " - precedence cutoff"u8,
                _ => [],
            }
        );
        ushort mtu = ReadUInt16BigEndian(message[6..]);
        if (code == 4 && mtu != 0)
            text.Write(" (mtu "u8, mtu, ")"u8);

        if (code > 15)
            text.Write(" - #"u8, code);
    }

    private static void WritePort(ref PacketText text, byte protocol, ushort port)
    {
        switch (protocol)
        {
            case IpProtocols.Tcp:
                text.Write(" tcp"u8);
                break;
            case IpProtocols.Udp:
                text.Write(" udp"u8);
                break;
            default:
                text.Write(" protocol "u8, protocol);
                break;
        }

        text.Write(" port "u8, port);
    }

    private static void WriteRedirect(ref PacketText text, ReadOnlySpan<byte> message, byte code)
    {
        text.Write("redirect"u8);
        if (code is 2 or 3)
            text.Write("-tos"u8);
        else if (code > 3)
            text.Write("-#"u8, code);

        text.Write((byte)' ');
        text.WriteAddress(message[(OriginalDestinationEnd - 4)..OriginalDestinationEnd]);
        text.Write(
            code switch
            {
                0 or 2 => " to net "u8,
                1 or 3 => " to host "u8,
                _ => " to "u8,
            }
        );
        text.WriteAddress(message.Slice(4, 4));
    }

    private static void WriteRouters(ref PacketText text, ReadOnlySpan<byte> message)
    {
        uint lifetime = ReadUInt16BigEndian(message[6..]);
        text.Write("router advertisement lifetime "u8);
        if (lifetime >= 3600)
            text.Write([], lifetime / 3600, ":"u8);

        if (lifetime >= 60)
        {
            text.WriteNumber(lifetime / 60 % 60, lifetime >= 3600 ? (byte)2 : (byte)1);
            text.Write((byte)':');
        }

        text.WriteNumber(lifetime % 60, lifetime >= 60 ? (byte)2 : (byte)1);
        text.Write(" "u8, message[4], ":"u8);
        if (message[5] != 2)
        {
            text.Write(" [size "u8, message[5], "]"u8);
            return;
        }

        for (int i = 0; i < message[4]; i++)
        {
            ReadOnlySpan<byte> router = message[(HeaderSize + i * 8)..];
            text.Write(" {"u8);
            text.WriteAddress(router[..4]);
            text.Write(" "u8, ReadUInt32BigEndian(router[4..]), "}"u8);
        }
    }

    private static void WriteTimeOfDay(ref PacketText text, uint milliseconds)
    {
        uint seconds = milliseconds / 1000;
        text.WriteNumber(seconds / 3600, 2);
        text.Write((byte)':');
        text.WriteNumber(seconds / 60 % 60, 2);
        text.Write((byte)':');
        text.WriteNumber(seconds % 60, 2);
        text.Write((byte)'.');
        text.WriteNumber(milliseconds % 1000, 3);
    }
}
