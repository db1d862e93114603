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
    /// Microsecond times and the largest snapshot length, else as <see cref="Nanosecond"/>: for programs that put
    /// packets into words.
    /// </summary>
    Microsecond,
}
