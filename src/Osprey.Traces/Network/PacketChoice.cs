namespace Osprey.Traces.Network;

/// <summary>The samples of packets that are shown.</summary>
public enum PacketChoice
{
    /// <summary>Each packet that went in or out, once: as the frame, where it was recorded as one.</summary>
    OnePerPacket,

    /// <summary>Every sample of a packet that went in or out, at each level at which it was recorded.</summary>
    AllLevels,

    /// <summary>Every sample that holds a packet, also of one on its way inside the guest.</summary>
    AllSamples,
}
