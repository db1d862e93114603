using System.Buffers;
using System.Text;
using Osprey.Packets;
using Osprey.Session.Traces;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Network;

namespace Osprey.Session.Packets;

/// <summary>
/// Puts the packets of a trace into words, in the trace's order: through one tcpdump process, or without it by our own
/// decoder.
/// </summary>
/// <remarks>
/// For a file the trace is opened a second time to send packets ahead of the caller, who takes the lines one by one; a
/// pipe cannot be read twice, so there each packet waits for its line.
/// </remarks>
public sealed class PacketTexts : IDisposable
{
    private readonly PacketSamples _samples;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly IEnumerator<string?>? _lines;
    private TcpdumpProcess? _tcpdump;

    /// <param name="trace">The trace; if it is a file it is opened again.</param>
    /// <param name="scope">Which samples the caller will ask for.</param>
    /// <param name="isWanted">Which of their tracepoints the caller will ask for.</param>
    /// <param name="samples">Finds the packets.</param>
    public PacketTexts(TraceSession trace, AnalysisScope scope, PacketSamples samples, Func<int, bool> isWanted)
    {
        _samples = samples;
        try
        {
            _tcpdump = new TcpdumpProcess();
            if (trace.Path != TraceSession.StandardInput && samples.Any)
                _lines = _tcpdump.DecodeAll(Packets(trace, scope, samples, isWanted)).GetEnumerator();
        }
        catch (TcpdumpException exception)
        {
            GiveUp(exception);
        }
    }

    /// <summary>The reason why our own decoder was used, as a message; null when it was not.</summary>
    public string? Note { get; private set; }

    /// <summary>The words for a packet; to be called for every wanted packet, in order.</summary>
    /// <returns>Null when the packet's protocol cannot be framed as Ethernet.</returns>
    public string? Describe(in TraceEvent sample)
    {
        if (_tcpdump is not null)
        {
            try
            {
                if (_lines is null)
                    return _tcpdump.Decode(_samples.ProtocolOf(sample), _samples.BytesOf(sample));

                if (_lines.MoveNext())
                    return _lines.Current;
            }
            catch (TcpdumpException exception)
            {
                GiveUp(exception);
            }
        }

        int protocol = _samples.ProtocolOf(sample);
        if (!PacketLinkLayer.TryGetHeader(protocol, stackalloc byte[PacketLinkLayer.HeaderSize], out _))
            return null;

        _buffer.ResetWrittenCount();
        PacketDecoder.Decode(protocol, _samples.BytesOf(sample), _buffer);
        return Encoding.ASCII.GetString(_buffer.WrittenSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines?.Dispose();
        _tcpdump?.Dispose();
    }

    private static IEnumerable<CapturedPacket> Packets(
        TraceSession trace,
        AnalysisScope scope,
        PacketSamples samples,
        Func<int, bool> isWanted
    )
    {
        using TraceSession again = TraceSession.Open(trace.Path, trace.IsCompat);
        SampleFilter filter = scope.Filter.Copy();
        var batch = new SampleBatch();
        while (again.Reader.Read(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                if (!TryTake(batch, i, out CapturedPacket packet))
                    continue;

                yield return packet;
            }
        }

        bool TryTake(SampleBatch from, int index, out CapturedPacket packet)
        {
            TraceEvent sample = from[index];
            packet = default;
            if (
                !isWanted(sample.Tracepoint)
                || !scope.Range.Contains(sample.Time)
                || !(filter.IsNone || filter.Matches(sample, scope.Tracepoints))
            )
            {
                return false;
            }

            packet = new CapturedPacket(samples.ProtocolOf(sample), samples.BytesOf(sample).ToArray());
            return true;
        }
    }

    private void GiveUp(TcpdumpException exception)
    {
        Note = $"packets are put into words without tcpdump: {exception.Message}";
        _tcpdump?.Dispose();
        _tcpdump = null;
    }
}
