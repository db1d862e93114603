using Osprey.Packets.Vsock;

namespace Osprey.Session.Answers.Vsock;

/// <summary>One packet of a vsock capture.</summary>
/// <param name="Number">Its place in the file, from 1, among the packets of all interfaces.</param>
/// <param name="Time">Nanoseconds since 1970; null when the file does not tell.</param>
/// <param name="Packet">The packet, its payload valid until the next is read; null when it can't be decoded.</param>
/// <param name="Connection">Its connection, with the packet counted; null when it is not followed.</param>
/// <param name="CapturedLength">Bytes that were captured.</param>
/// <param name="OriginalLength">Bytes that it had.</param>
/// <param name="Problem">What is wrong with the packet; null when nothing is.</param>
public readonly record struct VsockEvent(
    long Number,
    ulong? Time,
    VsockPacket? Packet,
    VsockConnection? Connection,
    int CapturedLength,
    uint OriginalLength,
    string? Problem
)
{
    /// <summary>Tells whether only the packet's first bytes were captured.</summary>
    public bool IsCut => CapturedLength < OriginalLength;
}
