namespace Osprey.Session.Packets;

/// <summary>The fate of a packet on its way to tcpdump.</summary>
internal enum PacketFate
{
    /// <summary>A line comes back for it.</summary>
    Sent,

    /// <summary>Its line is known already: it has no bytes, or had a process of its own.</summary>
    Answered,

    /// <summary>Its protocol has no Ethernet type.</summary>
    Unframed,
}
