using Osprey.Cli.Rendering.Text;
using Osprey.Session.Packets;
using Osprey.Traces.Analyses;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Network;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Shows packets and TCP states in words in place of their arguments.</summary>
/// <param name="scope">The trace's dictionary and semantics, and the counter of packets that cannot be shown.</param>
/// <param name="samples">Finds the packets.</param>
/// <param name="packets">Puts them into words.</param>
internal sealed class NetworkArguments(AnalysisScope scope, PacketSamples samples, PacketTexts packets)
{
    private readonly TcpStateSamples _states = new(scope);
    private readonly Utf8Builder _scratch = new();

    /// <summary>The words for a sample.</summary>
    /// <returns>Null when the sample is neither a packet nor a change of state, or cannot be put into words.</returns>
    public string? Describe(in TraceEvent sample)
    {
        if (samples.IsPacket(sample.Tracepoint))
            return DescribePacket(sample);

        if (!_states.IsTcpState(sample.Tracepoint))
            return null;

        if (!scope.IsCompat)
            return _states.Describe(sample);

        _scratch.Clear();
        new ArgumentFormatter(scope.Tracepoints[sample.Tracepoint], compat: true).Append(_scratch, sample.Payload);
        return TcpStateSamples.DescribeAsReference(_scratch.ToString());
    }

    private string? DescribePacket(in TraceEvent sample)
    {
        string? text = packets.Describe(sample);
        if (text is null && scope.IsCompat)
            throw new CommandFailedException(
                $"a packet of protocol {samples.ProtocolOf(sample)} has no Ethernet type; the reference stops here"
            );

        if (text is null)
            scope.Stats.Count(LossKind.PacketsOfOtherProtocols);

        return text is not null && scope.IsCompat ? PythonBytes.Literal(text) : text;
    }
}
