using System.Buffers.Binary;

namespace Osprey.Packets;

/// <summary>
/// Messages between a routing socket and the kernel (<c>struct rt_msghdr</c> of FreeBSD's net/route.h).
/// </summary>
/// <remarks>
/// They are recorded as packets but never leave the guest. Their numbers are in the guest's byte order.
/// </remarks>
internal static class RoutingMessageDecoder
{
    private const int SizeOfHead = 4; // rtm_msglen, rtm_version, rtm_type
    private const byte Version = 5; // RTM_VERSION

    public static void Decode(ref PacketText text, ReadOnlySpan<byte> message)
    {
        text.Write("routing-socket message"u8);
        if (message.Length < SizeOfHead)
        {
            text.WriteCut("route"u8);
            return;
        }

        byte version = message[2];
        if (version != Version)
        {
            text.Write(", version "u8, version, " (expected 5)"u8);
            text.Write(", length "u8, (uint)message.Length);
            return;
        }

        ReadOnlySpan<byte> name = GetName(message[3]);
        if (name.IsEmpty)
        {
            text.Write(", type "u8, message[3]);
        }
        else
        {
            text.Write(", "u8);
            text.Write(name);
        }

        text.Write(", length "u8, BinaryPrimitives.ReadUInt16LittleEndian(message));
    }

    private static ReadOnlySpan<byte> GetName(byte type) =>
        type switch
        {
            1 => "RTM_ADD"u8,
            2 => "RTM_DELETE"u8,
            3 => "RTM_CHANGE"u8,
            4 => "RTM_GET"u8,
            5 => "RTM_LOSING"u8,
            6 => "RTM_REDIRECT"u8,
            7 => "RTM_MISS"u8,
            8 => "RTM_LOCK"u8,
            9 => "RTM_OLDADD"u8,
            10 => "RTM_OLDDEL"u8,
            11 => "RTM_RESOLVE"u8,
            12 => "RTM_NEWADDR"u8,
            13 => "RTM_DELADDR"u8,
            14 => "RTM_IFINFO"u8,
            15 => "RTM_NEWMADDR"u8,
            16 => "RTM_DELMADDR"u8,
            17 => "RTM_IFANNOUNCE"u8,
            18 => "RTM_IEEE80211"u8,
            _ => [],
        };
}
