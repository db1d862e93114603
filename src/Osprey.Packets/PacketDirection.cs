namespace Osprey.Packets;

/// <summary>Which way a packet went, seen from the guest.</summary>
public enum PacketDirection
{
    Unknown,
    Inbound,
    Outbound,
}
