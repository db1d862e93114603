namespace Osprey.Packets.Captures;

/// <summary>Bounds of what a capture file may declare: more is malformed.</summary>
internal static class CaptureLimits
{
    /// <summary>Bytes of a packet or a block; the largest vsock packet has 64 KiB, with its headers.</summary>
    public const int MaxBlockSize = 16 << 20;

    /// <summary>Interfaces of a section.</summary>
    public const int MaxInterfaces = 1 << 16;
}
