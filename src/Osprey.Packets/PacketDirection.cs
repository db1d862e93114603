namespace Osprey.Packets;

/// <summary>The direction of a packet, seen from the guest.</summary>
public enum PacketDirection
{
    /// <summary>The trace does not tell.</summary>
    Unknown,

    /// <summary>The guest received it.</summary>
    Inbound,

    /// <summary>The guest sent it.</summary>
    Outbound,
}
