using Osprey.Packets.Internet;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Link;

/// <summary>
/// Ethernet frames: finds the payload behind VLAN tags; the header itself shows only when the payload is unknown.
/// </summary>
internal static class EthernetDecoder
{
    private const int AddressSize = 6;
    private const int VlanTagSize = 4;

    /// <param name="text">Where to.</param>
    /// <param name="frame">What was captured of it.</param>
    /// <param name="length">How long it was.</param>
    public static void Decode(ref PacketText text, ReadOnlySpan<byte> frame, uint length)
    {
        if (frame.IsEmpty)
        {
            text.Write("[Invalid header: caplen==0, len==0]"u8);
            return;
        }

        if (frame.Length < PacketLinkLayer.HeaderSize)
        {
            text.WriteCut("ether"u8);
            return;
        }

        ReadOnlySpan<byte> payload = frame[PacketLinkLayer.HeaderSize..];
        ushort type = ReadUInt16BigEndian(frame[(2 * AddressSize)..]);
        while (type is EtherTypes.Vlan or EtherTypes.ServiceVlan or EtherTypes.OldVlan or EtherTypes.OldVlan2)
        {
            if (payload.Length < VlanTagSize)
            {
                text.WriteCut("vlan"u8);
                return;
            }

            type = ReadUInt16BigEndian(payload[2..]);
            payload = payload[VlanTagSize..];
        }

        if (TryDecodePayload(ref text, type, payload, length - (uint)(frame.Length - payload.Length)))
            return;

        text.WriteLinkAddress(frame.Slice(AddressSize, AddressSize));
        text.Write(" > "u8);
        text.WriteLinkAddress(frame[..AddressSize]);
        WriteType(ref text, type);
        text.Write(", length "u8, length, ": "u8);
        text.WriteHexSummary(payload);
    }

    /// <summary>Decodes what an Ethernet frame of that type carries.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="type">The frame's type.</param>
    /// <param name="payload">What was captured of it.</param>
    /// <param name="length">How long it was.</param>
    /// <returns><see langword="false"/>, and nothing written, for a type that has no decoder.</returns>
    public static bool TryDecodePayload(ref PacketText text, ushort type, ReadOnlySpan<byte> payload, uint length)
    {
        switch (type)
        {
            case EtherTypes.IPv4:
                IPv4Decoder.Decode(ref text, payload, length);
                return true;
            case EtherTypes.IPv6:
                IPv6Decoder.Decode(ref text, payload, length);
                return true;
            case EtherTypes.Arp:
            case EtherTypes.ReverseArp:
                ArpDecoder.Decode(ref text, payload, length);
                return true;
            default:
                return false;
        }
    }

    private static void WriteType(ref PacketText text, ushort type)
    {
        if (type <= EtherTypes.LargestLength)
        {
            text.Write(", 802.3"u8);
            return;
        }

        ReadOnlySpan<byte> name = EtherTypes.GetName(type);
        text.Write(", ethertype "u8);
        text.Write(name.IsEmpty ? "Unknown"u8 : name);
        text.Write(" (0x"u8);
        text.WriteHex(type, 4);
        text.Write((byte)')');
    }
}
