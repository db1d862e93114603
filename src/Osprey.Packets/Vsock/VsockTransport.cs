namespace Osprey.Packets.Vsock;

/// <summary>The transports whose headers vsockmon may pass on.</summary>
public enum VsockTransport : ushort
{
    /// <summary>Not known to the kernel that captured it.</summary>
    Unknown = 0, // AF_VSOCK_TRANSPORT_UNKNOWN

    /// <summary>A transport that passes no header on.</summary>
    NoInfo = 1, // AF_VSOCK_TRANSPORT_NO_INFO

    /// <summary>virtio-vsock.</summary>
    Virtio = 2, // AF_VSOCK_TRANSPORT_VIRTIO
}
