using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Tracefile;

/// <summary>Writes samples one behind the other, as they follow the dictionary of a tracefile.</summary>
/// <remarks>
/// The dictionary of a tracefile comes first and holds the tracepoints that occur, which only the last sample tells. So
/// who writes a tracefile collects samples in a stream of its own through this class, writes the head with
/// <see cref="TracefileWriter"/>, and copies the samples behind it.
/// </remarks>
/// <param name="output">Gets the samples; stays open.</param>
public sealed class TracefileSampleWriter(Stream output)
{
    private byte[] _sample = new byte[4096];

    /// <summary>Writes one sample.</summary>
    public void Write(in TraceEvent sample)
    {
        int size = TracefileLayout.SizeOf(sample);
        if (_sample.Length < size)
            _sample = new byte[size * 2];

        Span<byte> target = _sample.AsSpan(0, size);
        TracefileLayout.Write(target, sample);
        output.Write(target);
    }
}
