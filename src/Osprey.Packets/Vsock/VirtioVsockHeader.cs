using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Vsock;

/// <summary>The header of a virtio-vsock packet (Virtual I/O Device 1.2, section 5.10.6), little-endian.</summary>
/// <param name="Source">The sender.</param>
/// <param name="Destination">The receiver.</param>
/// <param name="Length">Bytes of payload.</param>
/// <param name="Type">1 for a stream, 2 for seqpacket.</param>
/// <param name="Operation">The operation; may be a number without a name.</param>
/// <param name="Flags">Of a shutdown, or of data of a seqpacket.</param>
/// <param name="BufferAllocation">buf_alloc: bytes that the sender keeps for data which it receives.</param>
/// <param name="ForwardCount">
/// fwd_cnt: bytes that the sender's program took since the connection began, modulo 2^32.
/// </param>
public readonly record struct VirtioVsockHeader(
    VsockEndpoint Source,
    VsockEndpoint Destination,
    uint Length,
    ushort Type,
    VirtioVsockOperation Operation,
    uint Flags,
    uint BufferAllocation,
    uint ForwardCount
)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 44;

    /// <summary>The type of a stream.</summary>
    public const ushort StreamType = 1; // VIRTIO_VSOCK_TYPE_STREAM

    /// <summary>The type of a seqpacket connection, which keeps messages apart.</summary>
    public const ushort SeqpacketType = 2; // VIRTIO_VSOCK_TYPE_SEQPACKET

    /// <summary>The flag of a shutdown: the sender receives no more.</summary>
    public const uint ShutdownReceive = 1; // VIRTIO_VSOCK_SHUTDOWN_RCV

    /// <summary>The flag of a shutdown: the sender sends no more.</summary>
    public const uint ShutdownSend = 2; // VIRTIO_VSOCK_SHUTDOWN_SEND

    /// <summary>Both flags of a shutdown.</summary>
    public const uint ShutdownBoth = ShutdownReceive | ShutdownSend;

    /// <summary>The flag of data of a seqpacket: a message ends here.</summary>
    public const uint EndOfMessage = 1; // VIRTIO_VSOCK_SEQ_EOM

    /// <summary>The flag of data of a seqpacket: a record ends here (MSG_EOR).</summary>
    public const uint EndOfRecord = 2; // VIRTIO_VSOCK_SEQ_EOR

    /// <summary>Reads a header of <see cref="Size"/> bytes.</summary>
    internal static VirtioVsockHeader Read(ReadOnlySpan<byte> bytes) =>
        new(
            new VsockEndpoint(ReadUInt64LittleEndian(bytes), ReadUInt32LittleEndian(bytes[16..])),
            new VsockEndpoint(ReadUInt64LittleEndian(bytes[8..]), ReadUInt32LittleEndian(bytes[20..])),
            ReadUInt32LittleEndian(bytes[24..]),
            ReadUInt16LittleEndian(bytes[28..]),
            (VirtioVsockOperation)ReadUInt16LittleEndian(bytes[30..]),
            ReadUInt32LittleEndian(bytes[32..]),
            ReadUInt32LittleEndian(bytes[36..]),
            ReadUInt32LittleEndian(bytes[40..])
        );
}
