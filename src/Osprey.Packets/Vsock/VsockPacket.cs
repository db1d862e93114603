using System.Diagnostics.CodeAnalysis;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Osprey.Packets.Vsock;

/// <summary>A packet that a vsockmon device captured (LINKTYPE_VSOCK), as far as it was captured.</summary>
/// <param name="Source">The sender.</param>
/// <param name="Destination">The receiver.</param>
/// <param name="Operation">The kind, for all transports; may be a number without a name.</param>
/// <param name="Transport">The transport; may be a number without a name.</param>
/// <param name="TransportLength">Bytes of the transport's header.</param>
/// <param name="Reserved">Bytes 30 and 31, which should be 0, as a little-endian number.</param>
/// <param name="Virtio">virtio's header; null when there is none, or it was not captured whole.</param>
/// <param name="Payload">What was captured behind the headers; a view of the packet's bytes.</param>
/// <param name="PayloadLength">Bytes that were there, captured or not.</param>
/// <param name="Problem">What does not follow the format, or is missing of a header; null when all is well.</param>
public readonly record struct VsockPacket(
    VsockEndpoint Source,
    VsockEndpoint Destination,
    VsockOperation Operation,
    VsockTransport Transport,
    ushort TransportLength,
    ushort Reserved,
    VirtioVsockHeader? Virtio,
    ReadOnlyMemory<byte> Payload,
    uint PayloadLength,
    string? Problem
)
{
    /// <summary>LINKTYPE_VSOCK: the link type of vsockmon's captures.</summary>
    public const uint LinkType = 271;

    /// <summary>Bytes of vsockmon's own header (struct af_vsockmon_hdr).</summary>
    public const int HeaderSize = 32;

    /// <summary>Bytes of the data: what virtio's header says, or else those behind the headers.</summary>
    public uint DataLength =>
        Virtio is { } virtio ? (virtio.Operation == VirtioVsockOperation.ReadWrite ? virtio.Length : 0)
        : Operation == VsockOperation.Payload ? PayloadLength
        : 0;

    /// <summary>Tells whether it carries data.</summary>
    public bool HasData =>
        Virtio is { } virtio ? virtio.Operation == VirtioVsockOperation.ReadWrite : Operation == VsockOperation.Payload;

    /// <summary>Decodes a packet.</summary>
    /// <param name="captured">What was captured of it.</param>
    /// <param name="originalLength">Bytes that it had.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="problem">Why there is none.</param>
    /// <returns><see langword="false"/> when not even vsockmon's header is there.</returns>
    public static bool TryDecode(
        ReadOnlyMemory<byte> captured,
        uint originalLength,
        out VsockPacket packet,
        [NotNullWhen(false)] out string? problem
    )
    {
        packet = default;
        problem = null;
        ReadOnlySpan<byte> bytes = captured.Span;
        if (bytes.Length < HeaderSize)
        {
            problem = $"the vsockmon header is cut short: expected {HeaderSize} bytes, have {bytes.Length}";
            return false;
        }

        var transport = (VsockTransport)ReadUInt16LittleEndian(bytes[26..]);
        ushort transportLength = ReadUInt16LittleEndian(bytes[28..]);
        int payloadStart = HeaderSize + transportLength;
        VirtioVsockHeader? virtio = null;
        string? defect = null;
        if (transport == VsockTransport.Virtio && transportLength < VirtioVsockHeader.Size)
            defect = $"a virtio header of {transportLength} bytes; expected {VirtioVsockHeader.Size}";
        else if (transport == VsockTransport.Virtio && bytes.Length < HeaderSize + VirtioVsockHeader.Size)
            defect =
                $"the virtio header is cut short: expected {VirtioVsockHeader.Size} bytes, "
                + $"have {bytes.Length - HeaderSize}";
        else if (transport == VsockTransport.Virtio)
            virtio = VirtioVsockHeader.Read(bytes[HeaderSize..]);

        long length = Math.Max(originalLength, (uint)bytes.Length) - (long)payloadStart;
        packet = new VsockPacket(
            new VsockEndpoint(ReadUInt64LittleEndian(bytes), ReadUInt32LittleEndian(bytes[16..])),
            new VsockEndpoint(ReadUInt64LittleEndian(bytes[8..]), ReadUInt32LittleEndian(bytes[20..])),
            (VsockOperation)ReadUInt16LittleEndian(bytes[24..]),
            transport,
            transportLength,
            ReadUInt16LittleEndian(bytes[30..]),
            virtio,
            bytes.Length > payloadStart ? captured[payloadStart..] : ReadOnlyMemory<byte>.Empty,
            (uint)Math.Max(0, length),
            defect
        );
        if (defect is null && FindMismatch(packet) is { } mismatch)
            packet = packet with { Problem = mismatch };

        return true;
    }

    /// <summary>Compares the two headers and the payload's size.</summary>
    private static string? FindMismatch(VsockPacket packet)
    {
        if (packet.Virtio is not { } virtio)
            return null;

        if (virtio.Source != packet.Source || virtio.Destination != packet.Destination)
            return $"virtio's header says {virtio.Source} > {virtio.Destination}";

        if (packet.HasData && virtio.Length != packet.PayloadLength)
            return $"virtio's header says {virtio.Length} bytes of data; {packet.PayloadLength} follow";

        return null;
    }
}
