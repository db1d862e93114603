using Osprey.Session.Captures.Rings;

namespace Osprey.Session.Captures;

/// <summary>A device of a guest whose packets can be captured.</summary>
/// <param name="Name">Its name, such as "net0".</param>
/// <param name="Kind">What it is.</param>
/// <param name="HeaderSize">Bytes of virtio's own header before each packet that is not part of the packet.</param>
/// <param name="MergesBuffers">Whether a packet that comes in may fill several buffers.</param>
/// <param name="Receive">The queues of packets that come in.</param>
/// <param name="Transmit">The queues of packets that go out.</param>
public sealed record CaptureDevice(
    string Name,
    CaptureDeviceKind Kind,
    int HeaderSize,
    bool MergesBuffers,
    IReadOnlyList<Virtqueue> Receive,
    IReadOnlyList<Virtqueue> Transmit
)
{
    /// <summary>Tells whether another answer about the device is the same.</summary>
    internal bool IsSameAs(CaptureDevice other) =>
        Name == other.Name
        && Kind == other.Kind
        && HeaderSize == other.HeaderSize
        && MergesBuffers == other.MergesBuffers
        && Receive.SequenceEqual(other.Receive)
        && Transmit.SequenceEqual(other.Transmit);
}
