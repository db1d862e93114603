using System.Buffers;
using System.Text;
using Osprey.Packets;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Network;

namespace Osprey.Traces.Exports.Timeline;

/// <summary>Shows packets in rows of their own, in words, with the bytes that went each way so far.</summary>
internal sealed class TimelinePackets
{
    private const int Process = 3;
    private const int InboundRow = 1;
    private const int OutboundRow = 2;

    private readonly AnalysisScope _scope;
    private readonly ITimelineWriter _writer;
    private readonly PacketSamples _samples;
    private readonly PacketSelection _selection;
    private readonly ArrayBufferWriter<byte> _words = new();
    private long _inbound;
    private long _outbound;

    public TimelinePackets(AnalysisScope scope, ITimelineWriter writer)
    {
        _scope = scope;
        _writer = writer;
        _samples = new PacketSamples(scope);
        _selection = new PacketSelection(_samples, PacketChoice.OnePerPacket);
    }

    /// <summary>Takes the next sample.</summary>
    public void Add(in TraceEvent sample)
    {
        if (!_selection.Includes(sample) || !_scope.Includes(sample))
            return;

        bool isOutbound = _samples.DirectionOf(sample.Tracepoint) == PacketDirection.Outbound;
        ReadOnlySpan<byte> bytes = _samples.BytesOf(sample);
        _words.ResetWrittenCount();
        PacketDecoder.Decode(_samples.ProtocolOf(sample), bytes, _words);
        ref long sum = ref isOutbound ? ref _outbound : ref _inbound;
        if (_inbound + _outbound == 0)
            NameRows();

        sum += bytes.Length;
        _writer.Instant(
            Process,
            isOutbound ? OutboundRow : InboundRow,
            sample.Time,
            Encoding.ASCII.GetString(_words.WrittenSpan),
            new TimelineArgument("bytes", bytes.Length),
            new TimelineArgument("thread", $"0x{sample.Thread:x}")
        );
        _writer.Counter(
            Process,
            sample.Time,
            isOutbound ? "bytes out" : "bytes in",
            new TimelineArgument("bytes", sum)
        );
    }

    private void NameRows()
    {
        _writer.NameProcess(Process, "guest network");
        _writer.NameThread(Process, InboundRow, "packets in");
        _writer.NameThread(Process, OutboundRow, "packets out");
    }
}
