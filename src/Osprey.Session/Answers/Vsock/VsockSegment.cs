using Osprey.Packets.Captures;
using Osprey.Packets.Vsock;

namespace Osprey.Session.Answers.Vsock;

/// <summary>The data of one packet of a connection.</summary>
/// <param name="Event">The packet.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="Receiver">Who received it.</param>
/// <param name="Offset">Bytes of this direction that are before it in the capture.</param>
/// <param name="Data">What was captured of the data; valid until the next packet is read.</param>
/// <param name="MissingCount">Bytes of the data that were not captured.</param>
/// <param name="EndsMessage">Whether a message of a seqpacket ends with it; null for streams.</param>
public readonly record struct VsockSegment(
    VsockEvent Event,
    VsockEndpoint Sender,
    VsockEndpoint Receiver,
    ulong Offset,
    ReadOnlyMemory<byte> Data,
    uint MissingCount,
    bool? EndsMessage
)
{
    /// <summary>The columns.</summary>
    public static Shape<VsockSegment> Shape { get; } =
        new Shape<VsockSegment>("segments")
            .Integer("number", row => row.Event.Number)
            .Text("time", row => row.Event.Time is { } time ? CaptureTime.Format(time) : null)
            .Integer("connection", row => row.Event.Connection?.Number)
            .Text("sender", row => row.Sender.ToString())
            .Text("receiver", row => row.Receiver.ToString())
            .Size("offset", row => row.Offset)
            .Bytes("data", row => row.Data.Span)
            .Size("missing", row => (long)row.MissingCount)
            .Boolean("endsMessage", row => row.EndsMessage)
            .Optional();

    /// <summary>Returns the data of a packet; null when it has none.</summary>
    public static VsockSegment? Of(VsockEvent item)
    {
        if (item.Packet is not { HasData: true } packet || item.Connection is not { } connection)
            return null;

        uint length = packet.DataLength;
        return new VsockSegment(
            item,
            packet.Source,
            packet.Destination,
            connection.GetFlow(packet.Source).ByteCount - length, // the packet was counted
            packet.Payload,
            length - Math.Min(length, (uint)packet.Payload.Length),
            packet.Virtio is { Type: VirtioVsockHeader.SeqpacketType } virtio
                ? (virtio.Flags & VirtioVsockHeader.EndOfMessage) != 0
                : null
        );
    }
}
