using Osprey.Packets;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Network;

/// <summary>Tells the samples that hold a packet from the others and takes the packets out of them.</summary>
public sealed class PacketSamples
{
    private readonly TracepointTable _tracepoints;
    private readonly PacketArguments?[] _packets;

    /// <param name="scope">The trace's dictionary and its semantics.</param>
    public PacketSamples(AnalysisScope scope)
    {
        _tracepoints = scope.Tracepoints;
        _packets = [.. _tracepoints.All.Select(scope.Semantics.FindPacket)];
    }

    /// <summary>Tells whether the trace can have packets at all.</summary>
    public bool Any => Array.Exists(_packets, packet => packet is not null);

    /// <summary>Tells whether samples of a tracepoint hold a packet, also one on its way inside the guest.</summary>
    public bool IsPacket(int tracepoint) => _packets[tracepoint] is not null;

    /// <summary>
    /// The way that packets of a tracepoint go; null when they only move on inside the guest, and for all other
    /// samples.
    /// </summary>
    public PacketDirection? DirectionOf(int tracepoint) => _packets[tracepoint]?.Direction;

    /// <summary>The protocol number of a packet's sample, see <see cref="PacketProtocol"/>.</summary>
    public int ProtocolOf(in TraceEvent sample) =>
        unchecked((int)ArgumentsOf(sample).GetInteger(_packets[sample.Tracepoint]!.Protocol));

    /// <summary>The bytes that were captured of a packet.</summary>
    public ReadOnlySpan<byte> BytesOf(in TraceEvent sample) =>
        ArgumentsOf(sample).GetBytes(_packets[sample.Tracepoint]!.Content);

    private PayloadArguments ArgumentsOf(in TraceEvent sample) =>
        new(_tracepoints[sample.Tracepoint].Layout!, sample.Payload);
}
