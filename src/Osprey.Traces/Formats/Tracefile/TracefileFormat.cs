using System.Buffers.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Tracefile;

/// <summary>The format of tracefiles, version 1 to 3.</summary>
internal sealed class TracefileFormat : ITraceFormat
{
    public string Name => "a tracefile";

    public string Expectation => "a tracefile (version 1 to 3)";

    public bool Matches(ReadOnlySpan<byte> head) =>
        head.Length >= sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(head) is >= 1 and <= 3;

    public string? ExplainMismatch(ReadOnlySpan<byte> head) =>
        head.Length >= sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(head) is > 0 and < 1000 and var version
            ? $"version {version} of the tracefile format; expected 1, 2 or 3"
            : null;

    public TraceReader Open(TraceInput input, TraceReadOptions options) => new TracefileReader(input, options.Limits);
}
