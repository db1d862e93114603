using System.Globalization;
using System.Text;

namespace Osprey.Packets.Vsock;

/// <summary>Puts vsock packets into words.</summary>
public static class VsockWords
{
    /// <summary>Describes a packet in one line: ends, operation, data, credit.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="connection">Its connection, with the packet counted; null when it is not followed.</param>
    public static string Describe(in VsockPacket packet, VsockConnection? connection)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{packet.Source} > {packet.Destination} {NameOf(packet)}");
        if (packet.HasData)
            text.Append(CultureInfo.InvariantCulture, $", {packet.DataLength} bytes");

        if (packet.Virtio is { } virtio)
        {
            if (DescribeFlags(virtio) is { } flags)
                text.Append(virtio.Operation == VirtioVsockOperation.Shutdown ? " " : ", ").Append(flags);

            if (virtio.Operation == VirtioVsockOperation.Request || virtio.Type != VirtioVsockHeader.StreamType)
                text.Append(", ").Append(NameOfType(virtio.Type));

            text.Append(
                CultureInfo.InvariantCulture,
                $", buf_alloc {virtio.BufferAllocation}, fwd_cnt {virtio.ForwardCount}"
            );
            if (connection is not null)
                AppendCredit(text, packet, connection);
        }

        if (packet.Reserved != 0)
            text.Append(CultureInfo.InvariantCulture, $", reserved 0x{packet.Reserved:x}");

        if (packet.Problem is not null)
            text.Append(" [").Append(packet.Problem).Append(']');

        return text.ToString();
    }

    /// <summary>Names what a packet does: virtio's operation, or else that of vsockmon's header.</summary>
    public static string NameOf(in VsockPacket packet) =>
        packet.Virtio is { } virtio
            ? virtio.Operation switch
            {
                VirtioVsockOperation.Invalid => "invalid",
                VirtioVsockOperation.Request => "request",
                VirtioVsockOperation.Response => "response",
                VirtioVsockOperation.Reset => "reset",
                VirtioVsockOperation.Shutdown => "shutdown",
                VirtioVsockOperation.ReadWrite => "data",
                VirtioVsockOperation.CreditUpdate => "credit update",
                VirtioVsockOperation.CreditRequest => "credit request",
                _ => string.Create(CultureInfo.InvariantCulture, $"unknown operation {(ushort)virtio.Operation}"),
            }
            : packet.Operation switch
            {
                VsockOperation.Unknown => "unknown",
                VsockOperation.Connect => "connect",
                VsockOperation.Disconnect => "disconnect",
                VsockOperation.Control => "control",
                VsockOperation.Payload => "data",
                _ => string.Create(CultureInfo.InvariantCulture, $"unknown operation {(ushort)packet.Operation}"),
            };

    /// <summary>Names virtio's type of a connection.</summary>
    public static string NameOfType(ushort type) =>
        type switch
        {
            VirtioVsockHeader.StreamType => "stream",
            VirtioVsockHeader.SeqpacketType => "seqpacket",
            _ => string.Create(CultureInfo.InvariantCulture, $"unknown type {type}"),
        };

    /// <summary>Names a state.</summary>
    public static string NameOf(VsockState state) =>
        state switch
        {
            VsockState.Requested => "requested",
            VsockState.Open => "open",
            VsockState.ShuttingDown => "shutting down",
            VsockState.Closed => "closed",
            VsockState.Refused => "refused",
            VsockState.Reset => "reset",
            VsockState.Replaced => "replaced",
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };

    /// <summary>Names the flags of a header; null where there are none to name.</summary>
    public static string? DescribeFlags(in VirtioVsockHeader header)
    {
        (uint, string)[] names =
            header.Operation == VirtioVsockOperation.Shutdown
                ? [(VirtioVsockHeader.ShutdownReceive, "receive"), (VirtioVsockHeader.ShutdownSend, "send")]
            : header is { Operation: VirtioVsockOperation.ReadWrite, Type: VirtioVsockHeader.SeqpacketType }
                ? [(VirtioVsockHeader.EndOfMessage, "end of message"), (VirtioVsockHeader.EndOfRecord, "end of record")]
            : [];
        uint rest = header.Flags;
        var words = new List<string>();
        foreach ((uint flag, string name) in names)
        {
            if ((rest & flag) != 0)
                words.Add(name);

            rest &= ~flag;
        }

        if (rest != 0)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"unknown flags 0x{rest:x}"));

        if (words.Count == 0)
            return header.Operation == VirtioVsockOperation.Shutdown ? "of nothing" : null;

        string list = string.Join(header.Operation == VirtioVsockOperation.Shutdown ? " and " : ", ", words);
        return header.Operation == VirtioVsockOperation.Shutdown ? "of " + list : list;
    }

    /// <summary>Data uses its sender's credit; all else is news for the other end's.</summary>
    private static void AppendCredit(StringBuilder text, in VsockPacket packet, VsockConnection connection)
    {
        VsockFlow flow = packet.HasData ? connection.GetFlow(packet.Source) : connection.GetPeerFlow(packet.Source);
        if (packet.Virtio is { Operation: VirtioVsockOperation.Reset } || connection.HasEnded)
            return;

        if (flow.InFlight is not { } inFlight)
        {
            text.Append("; credit unknown");
            return;
        }

        VsockEndpoint sender = packet.HasData ? packet.Source : packet.Destination;
        text.Append(CultureInfo.InvariantCulture, $"; {sender} has {inFlight} in flight, {flow.Free} free");
    }
}
