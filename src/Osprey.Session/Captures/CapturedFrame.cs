using Osprey.Packets;

namespace Osprey.Session.Captures;

/// <summary>A packet that a guest's queue carried.</summary>
/// <param name="Time">When it was seen, nanoseconds since 1970: that is after it was put in, by a poll at most.</param>
/// <param name="Device">The index of its device in the capture's list.</param>
/// <param name="Queue">The number of its queue.</param>
/// <param name="Direction">Which way it went, seen from the guest.</param>
/// <param name="Bytes">The packet: an Ethernet frame, or a vsock packet with vsockmon's header.</param>
/// <param name="IsUnverified">
/// True when the guest could have overwritten it before it was read, and no checksum says that it did not.
/// </param>
public sealed record CapturedFrame(
    ulong Time,
    int Device,
    int Queue,
    PacketDirection Direction,
    ReadOnlyMemory<byte> Bytes,
    bool IsUnverified
)
{
    /// <summary>What the guest's CPUs ran when it was seen, in words; null when not known.</summary>
    public string? Running { get; init; }
}
