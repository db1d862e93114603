namespace Osprey.Packets.Applications;

/// <summary>BOOTP and DHCP (RFC 951, 2131): who asks.</summary>
internal static class BootpDecoder
{
    private const int HardwareAddressOffset = 28;
    private const int EthernetAddressSize = 6;
    private const byte Request = 1;
    private const byte Reply = 2;
    private const byte EthernetHardware = 1;

    public static void Decode(ref PacketText text, ReadOnlySpan<byte> message, uint length)
    {
        if (message.IsEmpty)
        {
            text.WriteCut("bootp"u8);
            return;
        }

        byte operation = message[0];
        text.Write("BOOTP/DHCP, "u8);
        if (operation is Request or Reply)
        {
            text.Write(operation == Request ? "Request"u8 : "Reply"u8);
        }
        else
        {
            text.Write("unknown (0x"u8);
            text.WriteHex(operation, 2);
            text.Write((byte)')');
        }

        if (message.Length < 3)
        {
            text.WriteCut("bootp"u8);
            return;
        }

        if (message[1] == EthernetHardware && message[2] == EthernetAddressSize && operation == Request)
        {
            if (message.Length < HardwareAddressOffset + EthernetAddressSize)
            {
                text.WriteCut("bootp"u8);
                return;
            }

            text.Write(" from "u8);
            text.WriteLinkAddress(message.Slice(HardwareAddressOffset, EthernetAddressSize));
        }

        text.Write(", length "u8, length);
    }
}
