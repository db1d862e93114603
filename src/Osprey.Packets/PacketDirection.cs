namespace Osprey.Packets;

/// <summary>The direction of a packet, seen from the guest.</summary>
public enum PacketDirection
{
    Unknown,
    Inbound,
    Outbound,
}
