namespace Osprey.Session.Captures.Rings;

/// <summary>What virtio's header before a packet says (Virtual I/O Device 1.2, section 5.1.6).</summary>
internal static class VirtioNetHeader
{
    private const byte NeedsChecksum = 1; // VIRTIO_NET_HDR_F_NEEDS_CSUM

    /// <summary>
    /// Tells whether a checksum is yet to be filled in, or segments to be made. The header has two bytes or more.
    /// </summary>
    public static bool IsPartial(ReadOnlySpan<byte> header) => (header[0] & NeedsChecksum) != 0 || header[1] != 0;
}
