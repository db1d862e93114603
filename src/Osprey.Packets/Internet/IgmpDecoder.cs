using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Internet;

/// <summary>IGMP (RFC 1112, 2236, 3376): queries and reports of multicast groups.</summary>
internal static class IgmpDecoder
{
    private const int ShortSize = 8;
    private const byte UsualResponseTime = 100; // tenths of a second

    public static void Decode(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        bool isWhole = !message.IsEmpty && TryWrite(ref text, message, length);
        if (!isWhole)
            text.WriteCut("igmp"u8);
    }

    private static bool TryWrite(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        switch (message[0])
        {
            case 0x11:
                text.Write("igmp query"u8);
                return length >= 12
                    ? TryWriteQuery3(ref text, message, length)
                    : TryWriteQuery(ref text, message, length);
            case 0x12:
                if (!TryWriteGroup(ref text, "igmp v1 report "u8, message))
                    return false;

                if (length != ShortSize)
                    text.Write(" [len "u8, length, "]"u8);

                return true;
            case 0x16:
                return TryWriteGroup(ref text, "igmp v2 report "u8, message);
            case 0x17:
                return TryWriteGroup(ref text, "igmp leave "u8, message);
            case 0x22:
                return TryWriteReport3(ref text, message, length);
            default:
                text.Write("igmp-"u8, message[0]);
                return true;
        }
    }

    private static bool TryWriteGroup(ref PacketText text, ReadOnlySpan<byte> what, ReadOnlySpan<byte> message)
    {
        if (message.Length < ShortSize)
            return false;

        text.Write(what);
        text.WriteAddress(message.Slice(4, 4));
        return true;
    }

    private static bool TryWriteQuery(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        if (message.Length < 2)
            return false;

        text.Write(message[1] == 0 ? " v1"u8 : " v2"u8);
        if (message[1] is not (0 or UsualResponseTime))
            text.Write(" [max resp time "u8, message[1], "]"u8);

        if (message.Length < ShortSize)
            return false;

        if (message.Slice(4, 4).ContainsAnyExcept((byte)0) && TryWriteGroup(ref text, " [gaddr "u8, message))
            text.Write((byte)']');

        if (length != ShortSize)
            text.Write(" [len "u8, length, "]"u8);

        return true;
    }

    private static bool TryWriteQuery3(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        text.Write(" v3"u8);
        if ((length & 3) != 0)
        {
            text.Write(" [invalid len "u8, length, "]"u8);
            return true;
        }

        if (message.Length < 2)
            return false;

        if (message[1] != UsualResponseTime)
            WriteResponseTime(ref text, message[1]);

        if (message.Length < ShortSize)
            return false;

        if (!message.Slice(4, 4).ContainsAnyExcept((byte)0))
            return true;

        TryWriteGroup(ref text, " [gaddr "u8, message);
        if (message.Length < 12)
            return false;

        uint sources = ReadUInt16BigEndian(message[10..]);
        if (sources > 0 && length < 12 + sources * 4)
            text.Write(" [invalid number of sources]"u8);
        else if (sources > 0)
            text.Write(", "u8, sources, " source(s)"u8);

        text.Write((byte)']');
        return true;
    }

    /// <summary>
    /// Writes tenths of seconds; from 128 on they are a floating-point number of three exponent bits.
    /// </summary>
    private static void WriteResponseTime(ref PacketText text, byte value)
    {
        uint tenths = value < 128 ? value : (uint)((value & 0xf) | 0x10) << (((value >> 4) & 7) + 3);
        text.Write(" [max resp time "u8);
        if (tenths < 600)
        {
            text.Write([], tenths / 10, "."u8);
            text.Write([], tenths % 10, "s]"u8);
            return;
        }

        uint seconds = tenths / 10;
        text.Write([], seconds / 60, "m"u8);
        if (seconds % 60 != 0)
            text.Write([], seconds % 60, "s"u8);

        text.Write((byte)']');
    }

    private static bool TryWriteReport3(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        text.Write("igmp v3 report"u8);
        if (length < 16 || (length & 3) != 0)
        {
            text.Write(" [invalid len "u8, length, "]"u8);
            return true;
        }

        if (message.Length < ShortSize)
            return false;

        text.Write(", "u8, ReadUInt16BigEndian(message[6..]), " group record(s)"u8);
        return true;
    }
}
