using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Internet;

/// <summary>The IPv6 routing header of types 0, 2 and 4 (RFC 2460, 6275, 8754).</summary>
internal static class IPv6RoutingHeader
{
    private const int FixedSize = 8;
    private const int AddressSize = 16;
    private const int Stop = -1;
    private const byte SegmentRouting = 4;

    /// <summary>Writes the header; -1 when the line ends in it, else its size.</summary>
    public static int Write(ref PacketText text, ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty)
        {
            text.WriteCut("ip6"u8);
            return Stop;
        }

        text.Write("RT6"u8);
        int size = WriteFixed(ref text, header);
        if (size == Stop)
            return Stop;

        int count = size / 2; // the size is in units of 8 bytes
        for (int i = 0; i < count; i++)
        {
            int at = FixedSize + i * AddressSize;
            if (header.Length < at + AddressSize)
            {
                text.WriteCut("rt6"u8);
                return Stop;
            }

            text.Write(", ["u8, (uint)i, "]"u8);
            text.WriteAddress(header.Slice(at, AddressSize));
        }

        text.Write(") "u8);
        return (header[1] + 1) * 8;
    }

    private static int WriteFixed(ref PacketText text, ReadOnlySpan<byte> header)
    {
        if (header.Length >= 2)
            text.Write(" (len="u8, header[1]);

        if (header.Length >= 3)
            text.Write(", type="u8, header[2], header[2] == 0 ? " [Deprecated]"u8 : []);

        if (header.Length >= 4)
            text.Write(", segleft="u8, header[3]);

        if (header.Length >= 4 && header[2] is not (0 or 2 or SegmentRouting))
        {
            text.Write(" (unknown type)"u8);
            text.WriteInvalid();
            return Stop;
        }

        if (header.Length >= 5 && header[2] == SegmentRouting)
            text.Write(", last-entry="u8, header[4]);

        if (header.Length >= 6 && header[2] == SegmentRouting && header[5] != 0)
        {
            text.Write(", flags=0x"u8);
            text.WriteHex(header[5]);
        }

        if (header.Length < FixedSize)
        {
            text.WriteCut("rt6"u8);
            return Stop;
        }

        WriteLast(ref text, header);
        if (header[1] % 2 == 0)
            return header[1];

        text.Write(" (invalid length "u8, header[1], ")"u8);
        text.WriteInvalid();
        return Stop;
    }

    private static void WriteLast(ref PacketText text, ReadOnlySpan<byte> header)
    {
        if (header[2] == SegmentRouting)
        {
            text.Write(", tag="u8);
            text.WriteHex(ReadUInt16BigEndian(header[6..]));
            return;
        }

        uint reserved = ReadUInt32BigEndian(header[4..]);
        if (reserved != 0)
        {
            text.Write(", rsv=0x"u8);
            text.WriteHex(reserved);
        }
    }
}
