using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Link;

/// <summary>ARP and reverse ARP (RFC 826, 903, 2390).</summary>
internal static class ArpDecoder
{
    private const int HeaderSize = 8;
    private const ushort Atm = 19; // ARPHRD_ATM
    private const ushort FrameRelay = 15; // ARPHRD_FRELAY
    private const ushort TrailerProtocol = 0x1000; // addresses are IPv4's, too (RFC 893)

    public static void Decode(ref PacketText text, ReadOnlySpan<byte> packet, uint length)
    {
        if (packet.Length < HeaderSize)
        {
            text.WriteCut("arp"u8);
            return;
        }

        ushort hardware = ReadUInt16BigEndian(packet);
        ushort protocol = ReadUInt16BigEndian(packet[2..]);
        if (hardware == Atm)
        {
            DecodeAtm(ref text, packet, length);
            return;
        }

        int hardwareSize = packet[4];
        int protocolSize = packet[5];
        if (packet.Length < HeaderSize + 2 * (hardwareSize + protocolSize))
        {
            text.WriteCut("arp"u8);
            return;
        }

        text.Write("ARP, "u8);
        bool isIPv4 = protocol is EtherTypes.IPv4 or TrailerProtocol && protocolSize == 4;
        if (isIPv4 && hardwareSize != 0)
        {
            ReadOnlySpan<byte> addresses = packet[HeaderSize..];
            ReadOnlySpan<byte> target = addresses[(hardwareSize + protocolSize)..];
            ushort operation = ReadUInt16BigEndian(packet[6..]);
            if (
                hardware == FrameRelay
                || !TryWriteOperation(
                    ref text,
                    operation,
                    addresses[..hardwareSize],
                    addresses[hardwareSize..][..4],
                    target[..hardwareSize],
                    target[hardwareSize..][..4]
                )
            )
            {
                if (hardware == FrameRelay)
                    text.Write("FrameRelay, "u8); // its addresses are bit fields
                else if (operation == 10)
                    text.Write("NACK Reply "u8);
                else
                    text.Write("Unknown ("u8, operation, ") "u8);

                text.WriteHexSummary(packet);
                return;
            }
        }
        else
        {
            WriteHardware(ref text, hardware);
            text.Write(" (len "u8, packet[4], "), "u8);
            WriteProtocol(ref text, protocol);
            text.Write(" (len "u8, packet[5], ")"u8);
        }

        text.Write(", length "u8, length);
    }

    /// <summary>ARP over ATM (RFC 2225): a header of its own, with the sizes of numbers and subaddresses.</summary>
    /// <remarks>What it says is not put into words.</remarks>
    private static void DecodeAtm(ref PacketText text, ReadOnlySpan<byte> packet, uint length)
    {
        const int AtmHeaderSize = 12;
        const int SizeMask = 0x3f; // above it is the kind of the address
        if (
            packet.Length < AtmHeaderSize
            || packet.Length
                < AtmHeaderSize
                    + (packet[4] & SizeMask)
                    + (packet[5] & SizeMask)
                    + packet[8]
                    + (packet[9] & SizeMask)
                    + (packet[10] & SizeMask)
                    + packet[11]
        )
        {
            text.WriteCut("arp"u8);
            return;
        }

        text.Write("ARP, ATM, length "u8, length, ": "u8);
        text.WriteHexSummary(packet);
    }

    private static bool TryWriteOperation(
        ref PacketText text,
        ushort operation,
        ReadOnlySpan<byte> senderHardware,
        ReadOnlySpan<byte> sender,
        ReadOnlySpan<byte> targetHardware,
        ReadOnlySpan<byte> target
    )
    {
        switch (operation)
        {
            case 1:
                text.Write("Request who-has "u8);
                text.WriteAddress(target);
                if (targetHardware.ContainsAnyExcept((byte)0))
                {
                    text.Write(" ("u8);
                    text.WriteLinkAddress(targetHardware);
                    text.Write((byte)')');
                }

                text.Write(" tell "u8);
                text.WriteAddress(sender);
                return true;
            case 2:
                text.Write("Reply "u8);
                text.WriteAddress(sender);
                text.Write(" is-at "u8);
                text.WriteLinkAddress(senderHardware);
                return true;
            case 3:
            case 8:
                text.Write(operation == 3 ? "Reverse Request who-is "u8 : "Inverse Request who-is "u8);
                text.WriteLinkAddress(targetHardware);
                text.Write(" tell "u8);
                text.WriteLinkAddress(senderHardware);
                return true;
            case 4:
                text.Write("Reverse Reply "u8);
                text.WriteLinkAddress(targetHardware);
                text.Write(" at "u8);
                text.WriteAddress(target);
                return true;
            case 9:
                text.Write("Inverse Reply "u8);
                text.WriteLinkAddress(senderHardware);
                text.Write(" at "u8);
                text.WriteAddress(sender);
                return true;
            default:
                return false;
        }
    }

    private static void WriteHardware(ref PacketText text, ushort hardware)
    {
        ReadOnlySpan<byte> name = hardware switch
        {
            1 => "Ethernet"u8,
            6 => "TokenRing"u8,
            7 => "ArcNet"u8,
            15 => "FrameRelay"u8,
            19 => "ATM"u8,
            23 => "Strip"u8,
            24 => "IEEE 1394"u8,
            32 => "InfiniBand"u8,
            _ => [],
        };
        if (name.IsEmpty)
            text.Write("Unknown Hardware ("u8, hardware, ")"u8);
        else
            text.Write(name);
    }

    private static void WriteProtocol(ref PacketText text, ushort protocol)
    {
        ReadOnlySpan<byte> name = EtherTypes.GetName(protocol);
        if (!name.IsEmpty)
        {
            text.Write(name);
            return;
        }

        text.Write("Unknown Protocol (0x"u8);
        text.WriteHex(protocol, 4);
        text.Write((byte)')');
    }
}
