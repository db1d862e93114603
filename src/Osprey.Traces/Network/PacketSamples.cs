using Osprey.Packets;
using Osprey.Traces.Model;

namespace Osprey.Traces.Network;

/// <summary>Tells the samples that hold a packet from the others and takes the packets out of them.</summary>
public sealed class PacketSamples
{
    private const string Prefix = "net_packet_";
    private readonly TracepointTable _tracepoints;
    private readonly PacketDirection?[] _directions;
    private readonly bool[] _isPacket;

    /// <param name="tracepoints">The trace's dictionary.</param>
    public PacketSamples(TracepointTable tracepoints)
    {
        _tracepoints = tracepoints;
        _isPacket = [.. tracepoints.All.Select(IsPacketTracepoint)];
        _directions =
        [
            .. tracepoints.All.Select(tracepoint =>
                !_isPacket[tracepoint.Index]
                    ? (PacketDirection?)null
                    : tracepoint.Name switch
                    {
                        "net_packet_in" => PacketDirection.Inbound,
                        "net_packet_out" => PacketDirection.Outbound,
                        _ => null,
                    }
            ),
        ];
    }

    /// <summary>Whether the trace can have packets at all.</summary>
    public bool Any => Array.IndexOf(_isPacket, true) >= 0;

    /// <summary>Whether samples of a tracepoint hold a packet, one on its way inside the guest included.</summary>
    public bool IsPacket(int tracepoint) => _isPacket[tracepoint];

    /// <summary>
    /// Which way packets of a tracepoint go; null when they only move on inside the guest, and for all others.
    /// </summary>
    public PacketDirection? DirectionOf(int tracepoint) => _directions[tracepoint];

    /// <summary>The protocol number of a packet's sample, see <see cref="PacketProtocol"/>.</summary>
    public int ProtocolOf(in TraceEvent sample) =>
        unchecked((int)new PayloadArguments(_tracepoints[sample.Tracepoint].Layout!, sample.Payload).GetInteger(0));

    /// <summary>What was captured of a packet.</summary>
    public ReadOnlySpan<byte> BytesOf(in TraceEvent sample) =>
        new PayloadArguments(_tracepoints[sample.Tracepoint].Layout!, sample.Payload).GetBytes(1);

    private static bool IsPacketTracepoint(Tracepoint tracepoint) =>
        tracepoint.Name.StartsWith(Prefix, StringComparison.Ordinal)
        && tracepoint.Layout is { Fields: [{ Type.IsInteger: true }, { Type: ArgumentType.Blob }] };
}
