using System.Buffers.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Tracefile;

/// <summary>Writes a tracefile. The same samples and tracepoints always give the same bytes.</summary>
/// <remarks>
/// The file begins with its version (4 bytes) and the number of tracepoints (8). Each of them has its key (8) and three
/// texts with their lengths (2) before them: name, signature, format. Samples follow. So the tracepoints must be known
/// before the first sample; <see cref="TracefileSampleWriter"/> is for those who learn them at the end.
/// </remarks>
public sealed class TracefileWriter
{
    /// <summary>The version that is written.</summary>
    public const int Version = TracefileLayout.Version;

    private readonly Stream _output;
    private readonly TracefileSampleWriter _samples;

    /// <summary>Writes the header and the dictionary.</summary>
    /// <param name="output">Stays open.</param>
    /// <param name="tracepoints">Those that samples may have; written sorted by key.</param>
    public TracefileWriter(Stream output, IEnumerable<Tracepoint> tracepoints)
    {
        _output = output;
        _samples = new TracefileSampleWriter(output);
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

    /// <summary>Writes one sample.</summary>
    public void Write(in TraceEvent sample)
    {
        _samples.Write(sample);
        _samples.Flush();
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        _output.Write(length);
        _output.Write(text);
    }
}
