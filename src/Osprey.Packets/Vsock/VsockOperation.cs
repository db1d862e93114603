namespace Osprey.Packets.Vsock;

/// <summary>The kinds of packets that vsockmon's own header tells (linux/vsockmon.h).</summary>
public enum VsockOperation : ushort
{
    /// <summary>Not known to the kernel that captured it.</summary>
    Unknown = 0, // AF_VSOCK_OP_UNKNOWN

    /// <summary>A connection is asked for or accepted.</summary>
    Connect = 1, // AF_VSOCK_OP_CONNECT

    /// <summary>A connection ends.</summary>
    Disconnect = 2, // AF_VSOCK_OP_DISCONNECT

    /// <summary>Something about the connection, such as credit.</summary>
    Control = 3, // AF_VSOCK_OP_CONTROL

    /// <summary>Data.</summary>
    Payload = 4, // AF_VSOCK_OP_PAYLOAD
}
