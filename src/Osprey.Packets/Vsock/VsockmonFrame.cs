using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Vsock;

/// <summary>Makes a packet as vsockmon captures it (LINKTYPE_VSOCK) of one that a virtio-vsock queue carries.</summary>
public static class VsockmonFrame
{
    /// <summary>Puts vsockmon's header in front of a packet.</summary>
    /// <param name="packet">virtio's header of 44 bytes, and the data behind it.</param>
    /// <returns>Null when the packet is shorter than its header, or the header is none of virtio-vsock.</returns>
    public static byte[]? Create(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < VirtioVsockHeader.Size)
            return null;

        VirtioVsockHeader header = VirtioVsockHeader.Read(packet);
        if (header.Type == 0 || header.Operation > VirtioVsockOperation.CreditRequest)
            return null;

        bool hasData = header.Operation == VirtioVsockOperation.ReadWrite;
        if (hasData && header.Length != packet.Length - VirtioVsockHeader.Size)
            return null;

        ReadOnlySpan<byte> kept = hasData ? packet : packet[..VirtioVsockHeader.Size];
        byte[] frame = new byte[VsockPacket.HeaderSize + kept.Length];
        kept[..sizeof(ulong)].CopyTo(frame); // source, then destination: CIDs
        kept[8..16].CopyTo(frame.AsSpan(8));
        kept[16..24].CopyTo(frame.AsSpan(16)); // their ports
        WriteUInt16LittleEndian(frame.AsSpan(24), (ushort)KindOf(header.Operation));
        WriteUInt16LittleEndian(frame.AsSpan(26), (ushort)VsockTransport.Virtio);
        WriteUInt16LittleEndian(frame.AsSpan(28), VirtioVsockHeader.Size);
        kept.CopyTo(frame.AsSpan(VsockPacket.HeaderSize));
        return frame;
    }

    private static VsockOperation KindOf(VirtioVsockOperation operation) =>
        operation switch
        {
            VirtioVsockOperation.Request or VirtioVsockOperation.Response => VsockOperation.Connect,
            VirtioVsockOperation.Reset or VirtioVsockOperation.Shutdown => VsockOperation.Disconnect,
            VirtioVsockOperation.CreditUpdate or VirtioVsockOperation.CreditRequest => VsockOperation.Control,
            VirtioVsockOperation.ReadWrite => VsockOperation.Payload,
            _ => VsockOperation.Unknown,
        };
}
