namespace Osprey.Packets.Captures;

/// <summary>One packet of a capture file.</summary>
/// <param name="Number">Its place in the file, from 1, among the packets of all interfaces.</param>
/// <param name="Time">Nanoseconds since 1970; null when the file does not tell, or not in 64 bits.</param>
/// <param name="LinkType">The LINKTYPE_ number of its interface: 271 for vsock, 1 for Ethernet.</param>
/// <param name="Data">What was captured; valid until the next packet is read.</param>
/// <param name="OriginalLength">Bytes that the packet had, of which the first may be all that was captured.</param>
public readonly record struct CaptureRecord(
    long Number,
    ulong? Time,
    uint LinkType,
    ReadOnlyMemory<byte> Data,
    uint OriginalLength
)
{
    /// <summary>Tells whether only the packet's first bytes were captured.</summary>
    public bool IsCut => Data.Length < OriginalLength;
}
