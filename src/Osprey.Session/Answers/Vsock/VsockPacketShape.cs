using Osprey.Packets.Captures;
using Osprey.Packets.Vsock;

namespace Osprey.Session.Answers.Vsock;

/// <summary>The columns of a vsock packet.</summary>
public static class VsockPacketShape
{
    /// <summary>The columns. Ends and operation are null where not even vsockmon's header was captured.</summary>
    public static Shape<VsockEvent> Shape { get; } =
        new Shape<VsockEvent>("packets")
            .Integer("number", row => row.Number)
            .Text("time", row => row.Time is { } time ? CaptureTime.Format(time) : null)
            .Integer("connection", row => row.Connection?.Number)
            .Unsigned("sourceCid", row => row.Packet?.Source.Cid)
            .Integer("sourcePort", row => row.Packet?.Source.Port)
            .Unsigned("destinationCid", row => row.Packet?.Destination.Cid)
            .Integer("destinationPort", row => row.Packet?.Destination.Port)
            .Text("operation", row => row.Packet is { } packet ? VsockWords.NameOf(packet) : null)
            .Integer("monitorOperation", row => (ushort?)row.Packet?.Operation)
            .Integer("transport", row => (ushort?)row.Packet?.Transport)
            .Text("type", row => VirtioOf(row) is { } virtio ? VsockWords.NameOfType(virtio.Type) : null)
            .Size("length", row => row.Packet is { HasData: true } packet ? (long)packet.DataLength : null)
            .Integer("flags", row => VirtioOf(row)?.Flags)
            .Size("bufAlloc", row => (long?)VirtioOf(row)?.BufferAllocation)
            .Integer("fwdCnt", row => VirtioOf(row)?.ForwardCount)
            .Size("inFlight", row => (long?)FlowOf(row)?.InFlight)
            .Size("free", row => (long?)FlowOf(row)?.Free)
            .Size("peerInFlight", row => (long?)PeerFlowOf(row)?.InFlight)
            .Size("peerFree", row => (long?)PeerFlowOf(row)?.Free)
            .Size("captured", row => (long)row.CapturedLength)
            .Size("original", row => (long)row.OriginalLength)
            .Boolean("cut", row => row.IsCut)
            .Text("problem", row => row.Problem)
            .Optional();

    private static VirtioVsockHeader? VirtioOf(VsockEvent row) => row.Packet?.Virtio;

    private static VsockFlow? FlowOf(VsockEvent row) =>
        row.Packet is { } packet ? row.Connection?.GetFlow(packet.Source) : null;

    private static VsockFlow? PeerFlowOf(VsockEvent row) =>
        row.Packet is { } packet ? row.Connection?.GetPeerFlow(packet.Source) : null;
}
