namespace Osprey.Packets.Vsock;

/// <summary>The operations of virtio-vsock (Virtual I/O Device 1.2, section 5.10.6).</summary>
public enum VirtioVsockOperation : ushort
{
    /// <summary>None: never sent.</summary>
    Invalid = 0, // VIRTIO_VSOCK_OP_INVALID

    /// <summary>Asks for a connection.</summary>
    Request = 1, // VIRTIO_VSOCK_OP_REQUEST

    /// <summary>Accepts a connection.</summary>
    Response = 2, // VIRTIO_VSOCK_OP_RESPONSE

    /// <summary>Refuses or ends a connection.</summary>
    Reset = 3, // VIRTIO_VSOCK_OP_RST

    /// <summary>Says that the sender will not receive or not send any more.</summary>
    Shutdown = 4, // VIRTIO_VSOCK_OP_SHUTDOWN

    /// <summary>Data.</summary>
    ReadWrite = 5, // VIRTIO_VSOCK_OP_RW

    /// <summary>Tells the sender's buffer and what was taken out of it.</summary>
    CreditUpdate = 6, // VIRTIO_VSOCK_OP_CREDIT_UPDATE

    /// <summary>Asks for a credit update.</summary>
    CreditRequest = 7, // VIRTIO_VSOCK_OP_CREDIT_REQUEST
}
