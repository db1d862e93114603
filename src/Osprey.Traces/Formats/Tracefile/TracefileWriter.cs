using System.Buffers.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Tracefile;

/// <summary>Writes a tracefile of version 3. The same samples and tracepoints always give the same bytes.</summary>
/// <remarks>
/// trace-formats section 2.1. The dictionary comes first, so the tracepoints must be known before the first sample.
/// </remarks>
public sealed class TracefileWriter
{
    /// <summary>The version that is written.</summary>
    public const int Version = 3;

    private readonly Stream _output;

    /// <summary>Writes the header and the dictionary.</summary>
    /// <param name="output">Stays open.</param>
    /// <param name="tracepoints">Those that samples may have; written sorted by key.</param>
    public TracefileWriter(Stream output, IEnumerable<Tracepoint> tracepoints)
    {
        _output = output;
        Tracepoint[] sorted = [.. tracepoints.OrderBy(tracepoint => tracepoint.Key)];
        Span<byte> header = stackalloc byte[sizeof(int) + sizeof(ulong)];
        BinaryPrimitives.WriteInt32LittleEndian(header, Version);
        BinaryPrimitives.WriteUInt64LittleEndian(header[sizeof(int)..], (ulong)sorted.Length);
        output.Write(header);
        foreach (Tracepoint tracepoint in sorted)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header, tracepoint.Key);
            output.Write(header[..sizeof(ulong)]);
            WriteText(tracepoint.NameBytes.Span);
            WriteText(tracepoint.SignatureBytes.Span);
            WriteText(tracepoint.FormatBytes.Span);
        }
    }

    /// <summary>Writes one sample as it is.</summary>
    public void Write(in TraceEvent sample) => _output.Write(sample.Bytes);

    private void WriteText(ReadOnlySpan<byte> text)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        _output.Write(length);
        _output.Write(text);
    }
}
