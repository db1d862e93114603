using Osprey.Cli.Rendering.Text;
using Osprey.Session.Packets;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Network;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Shows packets and TCP states in words in place of their arguments (trace-cli section 7.4).</summary>
/// <param name="tracepoints">The trace's dictionary.</param>
/// <param name="stats">Where packets that cannot be shown are counted.</param>
/// <param name="samples">Finds the packets.</param>
/// <param name="packets">Puts them into words.</param>
/// <param name="isCompat">Whether to print as the reference does.</param>
internal sealed class NetworkArguments(
    TracepointTable tracepoints,
    TraceStats stats,
    PacketSamples samples,
    PacketTexts packets,
    bool isCompat
)
{
    private readonly Utf8Builder _scratch = new();

    /// <summary>The words for a sample.</summary>
    /// <returns>Null when the sample is neither a packet nor a change of state, or cannot be put into words.</returns>
    public string? Describe(in TraceEvent sample)
    {
        Tracepoint tracepoint = tracepoints[sample.Tracepoint];
        if (samples.IsPacket(sample.Tracepoint))
            return DescribePacket(sample);

        if (!TcpStateSamples.IsTcpState(tracepoint))
            return null;

        if (!isCompat)
            return TcpStateSamples.Describe(tracepoint, sample);

        _scratch.Clear();
        new ArgumentFormatter(tracepoint, compat: true).Append(_scratch, sample.Payload);
        return TcpStateSamples.DescribeAsReference(_scratch.ToString());
    }

    private string? DescribePacket(in TraceEvent sample)
    {
        string? text = packets.Describe(sample);
        if (text is null && isCompat)
            throw new CommandFailedException(
                $"a packet of protocol {samples.ProtocolOf(sample)} has no Ethernet type; the reference stops here"
            );

        if (text is null)
            stats.Count(LossKind.PacketsOfOtherProtocols);

        return text is not null && isCompat ? PythonBytes.Literal(text) : text;
    }
}
