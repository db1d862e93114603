namespace Osprey.Session.Packets;

/// <summary>The fate of a packet on its way to tcpdump.</summary>
internal enum PacketFate
{
    /// <summary>A line comes back for it.</summary>
    Sent,

    /// <summary>It has no bytes: tcpdump takes no time stamp for it, so its line is ours.</summary>
    Empty,

    /// <summary>Its protocol has no Ethernet type.</summary>
    Unframed,
}
