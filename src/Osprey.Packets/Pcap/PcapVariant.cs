namespace Osprey.Packets.Pcap;

/// <summary>The ways of writing a pcap file.</summary>
public enum PcapVariant
{
    /// <summary>Nanosecond times; a packet's length on the wire is taken from its IP header.</summary>
    Nanosecond,

    /// <summary>
    /// Byte for byte what OSv's own tool writes: microsecond times, and no packet is longer than its capture.
    /// </summary>
    Compatible,

    /// <summary>
    /// As if each capture were the whole packet, however long it is: for programs that put packets into words.
    /// </summary>
    CapturedOnly,
}
