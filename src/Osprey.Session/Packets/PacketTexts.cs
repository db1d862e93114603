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
    /// <summary>The characters that Python takes for blanks in bytes.</summary>
    private static readonly char[] s_blanks = [' ', '\t', '\n', '\r', '\v', '\f'];

    private readonly PacketSamples _samples;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly IEnumerator<string?>? _lines;
    private readonly bool _isCompat;
    private TcpdumpProcess? _tcpdump;

    /// <param name="trace">The trace; if it is a file it is opened again.</param>
    /// <param name="scope">Which samples the caller will ask for.</param>
    /// <param name="samples">Finds the packets.</param>
    /// <param name="choice">Which of them the caller will ask for.</param>
    public PacketTexts(TraceSession trace, AnalysisScope scope, PacketSamples samples, PacketChoice choice)
    {
        _samples = samples;
        _isCompat = scope.IsCompat;
        try
        {
            _tcpdump = new TcpdumpProcess(asReference: _isCompat);
            if (trace.IsFile && samples.Any)
                _lines = _tcpdump.DecodeAll(Packets(trace, scope, samples, choice)).GetEnumerator();
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
        int protocol = _samples.ProtocolOf(sample);
        string? words = TryAskTcpdump(sample, protocol, out string? line) ? line : DecodeHere(sample, protocol);

        // The reference strips the line. A packet without an Ethernet type is none of tcpdump's.
        return _isCompat ? words?.Trim(s_blanks)
            : protocol == (int)PacketProtocol.Route ? Decode(sample, protocol)
            : words;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines?.Dispose();
        _tcpdump?.Dispose();
    }

    private bool TryAskTcpdump(in TraceEvent sample, int protocol, out string? line)
    {
        line = null;
        if (_tcpdump is null)
            return false;

        try
        {
            if (_lines is null)
            {
                line = _tcpdump.Decode(protocol, _samples.BytesOf(sample));
                return true;
            }

            if (_lines.MoveNext())
            {
                line = _lines.Current;
                return true;
            }
        }
        catch (TcpdumpException exception)
        {
            GiveUp(exception);
        }

        return false;
    }

    private string? DecodeHere(in TraceEvent sample, int protocol)
    {
        Span<byte> header = stackalloc byte[PacketLinkLayer.HeaderSize];
        return PacketLinkLayer.TryGetHeader(protocol, header, out _, _isCompat) ? Decode(sample, protocol) : null;
    }

    private string Decode(in TraceEvent sample, int protocol)
    {
        _buffer.ResetWrittenCount();
        PacketDecoder.Decode(protocol, _samples.BytesOf(sample), _buffer, _isCompat);
        return Encoding.ASCII.GetString(_buffer.WrittenSpan);
    }

    private static IEnumerable<CapturedPacket> Packets(
        TraceSession trace,
        AnalysisScope scope,
        PacketSamples samples,
        PacketChoice choice
    )
    {
        using TraceSession again = TraceSession.Open(trace.Path, trace.IsCompat);
        SampleFilter filter = scope.Filter.Copy();
        var selection = new PacketSelection(samples, choice);
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
                !selection.Includes(sample)
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
