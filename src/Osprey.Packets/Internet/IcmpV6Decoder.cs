using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Internet;

/// <summary>ICMPv6 (RFC 4443), neighbour discovery (RFC 4861) and multicast listeners (RFC 2710, 3810).</summary>
internal static class IcmpV6Decoder
{
    private const int HeaderSize = 8;
    private const int OriginalSource = HeaderSize + 8;
    private const int OriginalDestination = HeaderSize + 24;
    private const int AddressSize = 16;
    private const int ListenerSize = 24;
    private const int Listener2Size = 28;
    private const byte Unreachable = 1;
    private const byte PacketTooBig = 2;
    private const byte TimeExceeded = 3;
    private const byte ParameterProblem = 4;
    private const byte EchoRequest = 128;
    private const byte EchoReply = 129;
    private const byte ListenerQuery = 130;
    private const byte ListenerReport = 131;
    private const byte ListenerDone = 132;
    private const byte NeighborSolicitation = 135;
    private const byte NeighborAdvertisement = 136;
    private const byte Redirect = 137;
    private const byte ListenerReport2 = 143;

    public static void Decode(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        if (length == 0)
        {
            text.Write("ICMP6, length 0"u8);
            text.WriteInvalid();
            return;
        }

        if (message.IsEmpty)
        {
            text.WriteCut("icmp6"u8);
            return;
        }

        WriteName(ref text, message[0]);
        if (message.Length < 2 || !TryWriteMessage(ref text, message, length))
        {
            text.WriteCut("icmp6"u8);
            return;
        }

        bool isUnknownCode = message[0] == Unreachable && GetUnreachableName(message[1]).IsEmpty;
        if (!isUnknownCode)
            text.Write(", length "u8, length);
    }

    private static bool TryWriteMessage(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        switch (message[0])
        {
            case Unreachable:
                return TryWriteUnreachable(ref text, message);
            case PacketTooBig:
                if (message.Length < HeaderSize)
                    return false;

                text.Write(", mtu "u8, ReadUInt32BigEndian(message[4..]));
                return true;
            case TimeExceeded:
                return TryWriteTimeExceeded(ref text, message);
            case ParameterProblem:
                return TryWriteParameterProblem(ref text, message);
            case EchoRequest or EchoReply:
                if (message.Length < HeaderSize)
                    return false;

                text.Write(", id "u8, ReadUInt16BigEndian(message[4..]), ", seq "u8);
                text.WriteNumber(ReadUInt16BigEndian(message[6..]));
                return true;
            case ListenerQuery:
                return TryWriteListenerQuery(ref text, message, length);
            case ListenerReport or ListenerDone:
                WriteListener(ref text, message);
                return true;
            case ListenerReport2:
                return TryWriteListenerReport2(ref text, message, length);
            case NeighborSolicitation:
                return TryWriteAddress(ref text, ", who has "u8, message, HeaderSize);
            case NeighborAdvertisement:
                return TryWriteAddress(ref text, ", tgt is "u8, message, HeaderSize);
            case Redirect:
                return TryWriteAddress(ref text, ", "u8, message, HeaderSize + AddressSize)
                    && TryWriteAddress(ref text, " to "u8, message, HeaderSize);
            default:
                return true;
        }
    }

    private static bool TryWriteAddress(
        ref PacketText text,
        ReadOnlySpan<byte> before,
        ReadOnlySpan<byte> message,
        int offset
    )
    {
        if (message.Length < offset + AddressSize)
            return false;

        text.Write(before);
        text.WriteAddress(message.Slice(offset, AddressSize));
        return true;
    }

    private static bool TryWriteUnreachable(ref PacketText text, ReadOnlySpan<byte> message)
    {
        byte code = message[1];
        ReadOnlySpan<byte> name = GetUnreachableName(code);
        text.Write(", "u8);
        if (name.IsEmpty)
        {
            text.Write("unknown unreach code ("u8, code, ")"u8);
            return true;
        }

        text.Write(name);
        switch (code)
        {
            case 2:
                return message.Length >= OriginalDestination + AddressSize
                    && TryWriteAddress(ref text, " "u8, message, OriginalDestination)
                    && TryWriteAddress(ref text, ", source address "u8, message, OriginalSource);
            case 4:
                if (
                    message.Length < HeaderSize
                    || !IPv6Decoder.TryFindTransport(message[HeaderSize..], out byte protocol, out ushort port)
                    || !TryWriteAddress(ref text, ", "u8, message, OriginalDestination)
                )
                {
                    return false;
                }

                text.Write(protocol == IpProtocols.Tcp ? " tcp port "u8 : " udp port "u8, port);
                return true;
            default:
                return TryWriteAddress(ref text, " "u8, message, OriginalDestination);
        }
    }

    private static bool TryWriteTimeExceeded(ref PacketText text, ReadOnlySpan<byte> message)
    {
        switch (message[1])
        {
            case 0:
                return TryWriteAddress(ref text, " for "u8, message, OriginalDestination);
            case 1:
                text.Write(" (reassembly)"u8);
                return true;
            default:
                text.Write(", unknown code ("u8, message[1], ")"u8);
                return true;
        }
    }

    private static bool TryWriteParameterProblem(ref PacketText text, ReadOnlySpan<byte> message)
    {
        if (message.Length < OriginalDestination + AddressSize)
            return false;

        ReadOnlySpan<byte> problem = message[1] switch
        {
            0 => ", erroneous - octet "u8,
            1 => ", next header - octet "u8,
            2 => ", option - octet "u8,
            3 => ", incomplete header chain - octet "u8,
            _ => [],
        };
        if (problem.IsEmpty)
            text.Write(", code-#"u8, message[1]);
        else
            text.Write(problem, ReadUInt32BigEndian(message[4..]));

        return true;
    }

    private static bool TryWriteListenerQuery(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        if (length == ListenerSize)
        {
            WriteListener(ref text, message);
            return true;
        }

        if (length < Listener2Size)
        {
            text.Write(" unknown-version (len "u8, length, ") "u8);
            return true;
        }

        text.Write(" v2"u8);
        if (!TryWriteAddress(ref text, " [gaddr "u8, message, HeaderSize) || message.Length < Listener2Size)
            return false;

        uint sources = ReadUInt16BigEndian(message[26..]);
        if (sources > 0 && length < Listener2Size + sources * AddressSize)
            text.Write(" [invalid number of sources]"u8);
        else if (sources > 0)
            text.Write(", "u8, sources, " source(s)"u8);

        text.Write((byte)']');
        return true;
    }

    private static void WriteListener(ref PacketText text, ReadOnlySpan<byte> message)
    {
        if (message.Length < ListenerSize)
            return;

        text.Write("max resp delay: "u8, ReadUInt16BigEndian(message[4..]), " addr: "u8);
        text.WriteAddress(message.Slice(HeaderSize, AddressSize));
    }

    private static bool TryWriteListenerReport2(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        if (length < HeaderSize)
        {
            text.Write(" [invalid len "u8, length, "]"u8);
            return true;
        }

        if (message.Length < HeaderSize)
            return false;

        text.Write(", "u8, ReadUInt16BigEndian(message[6..]), " group record(s)"u8);
        return true;
    }

    private static ReadOnlySpan<byte> GetUnreachableName(byte code) =>
        code switch
        {
            0 => "unreachable route"u8,
            1 => " unreachable prohibited"u8,
            2 => "beyond scope"u8,
            3 => "unreachable address"u8,
            4 => "unreachable port"u8,
            _ => [],
        };

    private static void WriteName(ref PacketText text, byte type)
    {
        ReadOnlySpan<byte> name = type switch
        {
            Unreachable => "destination unreachable"u8,
            PacketTooBig => "packet too big"u8,
            TimeExceeded => "time exceeded in-transit"u8,
            ParameterProblem => "parameter problem"u8,
            EchoRequest => "echo request"u8,
            EchoReply => "echo reply"u8,
            ListenerQuery => "multicast listener query"u8,
            ListenerReport => "multicast listener report"u8,
            ListenerDone => "multicast listener done"u8,
            133 => "router solicitation"u8,
            134 => "router advertisement"u8,
            NeighborSolicitation => "neighbor solicitation"u8,
            NeighborAdvertisement => "neighbor advertisement"u8,
            Redirect => "redirect"u8,
            138 => "router renumbering"u8,
            139 => "who-are-you request"u8,
            140 => "who-are-you reply"u8,
            141 => "inverse neighbor solicitation"u8,
            142 => "inverse neighbor advertisement"u8,
            ListenerReport2 => "multicast listener report v2"u8,
            144 => "ha discovery request"u8,
            145 => "ha discovery reply"u8,
            146 => "mobile router solicitation"u8,
            147 => "mobile router advertisement"u8,
            155 => "RPL"u8,
            200 => "mtrace response"u8,
            201 => "mtrace message"u8,
            _ => [],
        };
        text.Write("ICMP6, "u8);
        if (name.IsEmpty)
            text.Write("unknown icmp6 type ("u8, type, ")"u8);
        else
            text.Write(name);
    }
}
