using System.Buffers;
using Osprey.Packets;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Network;

namespace Osprey.Sql.Tables;

/// <summary>The packets of a trace, each once, with what is in them in words.</summary>
internal sealed class PacketTable : IDisposable
{
    private readonly AnalysisScope _scope;
    private readonly TableWriter _writer;
    private readonly PacketSamples _samples;
    private readonly PacketSelection _selection;
    private readonly ArrayBufferWriter<byte> _words = new();

    public PacketTable(AnalysisScope scope, SqlDatabase database)
    {
        _scope = scope;
        _writer = new TableWriter(database, null, "packets");
        _samples = new PacketSamples(scope);
        _selection = new PacketSelection(_samples, PacketChoice.OnePerPacket);
    }

    /// <summary>Takes the next sample of the trace.</summary>
    /// <param name="number">Its number; -1 when the filter leaves it out.</param>
    /// <param name="sample">The sample.</param>
    public void Add(long number, in TraceEvent sample)
    {
        if (!_selection.Includes(sample) || number < 0)
            return;

        ReadOnlySpan<byte> content = _samples.BytesOf(sample);
        _words.ResetWrittenCount();
        PacketDecoder.Decode(_samples.ProtocolOf(sample), content, _words);
        TraceTables
            .AddOrigin(_writer.Add(number), sample)
            .AddText(_scope.Tracepoints[sample.Tracepoint].NameBytes.Span);
        _writer.Add(_samples.DirectionOf(sample.Tracepoint) == PacketDirection.Outbound ? "out" : "in");
        _writer.Add((long)content.Length).AddText(_words.WrittenSpan).AddBytes(content).EndRow();
    }

    /// <summary>Hands over the rows that are left.</summary>
    public void Complete() => _writer.Complete();

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
