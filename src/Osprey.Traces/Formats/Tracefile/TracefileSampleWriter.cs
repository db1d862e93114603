using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Tracefile;

/// <summary>Writes samples one behind the other, as they follow the dictionary of a tracefile.</summary>
/// <remarks>
/// The dictionary of a tracefile comes first and holds the tracepoints that occur, which only the last sample tells. So
/// who writes a tracefile collects samples in a stream of its own through this class, writes the head with
/// <see cref="TracefileWriter"/>, and copies the samples behind it. Samples are handed on in large pieces; the last one
/// by <see cref="Flush"/>.
/// </remarks>
/// <param name="output">Gets the samples; stays open.</param>
public sealed class TracefileSampleWriter(Stream output)
{
    private const int PieceSize = 1 << 16;

    private byte[] _piece = new byte[PieceSize];
    private int _used;

    /// <summary>Writes one sample.</summary>
    public void Write(in TraceEvent sample)
    {
        int size = TracefileLayout.SizeOf(sample);
        if (_piece.Length - _used < size)
        {
            Flush();
            if (_piece.Length < size)
                _piece = new byte[size * 2];
        }

        TracefileLayout.Write(_piece.AsSpan(_used, size), sample);
        _used += size;
    }

    /// <summary>Hands on the samples that were not yet.</summary>
    public void Flush()
    {
        output.Write(_piece.AsSpan(0, _used));
        _used = 0;
    }
}
