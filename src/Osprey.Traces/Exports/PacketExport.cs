using Osprey.Packets;
using Osprey.Packets.Pcap;
using Osprey.Traces.Analyses;
using Osprey.Traces.Exports.Profiles;
using Osprey.Traces.Model;
using Osprey.Traces.Network;

namespace Osprey.Traces.Exports;

/// <summary>
/// Writes the packets that went in and out as pcapng, each with its direction and, as a comment, where it was met.
/// </summary>
/// <remarks>
/// Packets that only move on inside the guest are left out: they came in before. A packet that was recorded at two
/// levels
/// is written once, unless all levels are asked for; see <see cref="PacketSelection"/>.
/// </remarks>
public sealed class PacketExport : TraceExport
{
    private readonly AnalysisScope _scope;
    private readonly PcapngWriter _pcap;
    private readonly PacketSamples _samples;
    private readonly PacketSelection _selection;
    private readonly StackTexts _stacks;
    private readonly int _inbound;
    private readonly int _outbound;

    /// <param name="scope">What counts.</param>
    /// <param name="symbols">Names the frames of stacks.</param>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="wallClockBase">Nanoseconds since 1970 at guest time 0.</param>
    /// <param name="choice">Which samples of packets are written.</param>
    public PacketExport(
        AnalysisScope scope,
        StackSymbols symbols,
        Stream output,
        ulong wallClockBase = 0,
        PacketChoice choice = PacketChoice.OnePerPacket
    )
    {
        _scope = scope;
        _samples = new PacketSamples(scope);
        _selection = new PacketSelection(_samples, choice);
        _stacks = new StackTexts(symbols, "\n");
        _pcap = new PcapngWriter(output, wallClockBase);
        _inbound = _pcap.AddInterface("in");
        _outbound = _pcap.AddInterface("out");
    }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        if (!_selection.Includes(sample) || !_scope.Includes(sample))
            return;

        PacketDirection direction = _samples.DirectionOf(sample.Tracepoint) ?? PacketDirection.Unknown;
        int place = direction == PacketDirection.Outbound ? _outbound : _inbound;
        string comment = _stacks[_stacks.Intern(sample.Backtrace)];
        if (
            !_pcap.TryWrite(
                place,
                sample.Time,
                direction,
                _samples.ProtocolOf(sample),
                _samples.BytesOf(sample),
                comment
            )
        )
            _scope.Stats.Count(LossKind.PacketsOfOtherProtocols);

        Count = _pcap.Count;
    }

    /// <inheritdoc/>
    public override void Finish() => _pcap.Flush();
}
