using Osprey.Traces.Formats;
using Osprey.Traces.Model;

namespace Osprey.Tests.Traces.Toy;

/// <summary>A trace format of its own, in text: what a new source of traces has to bring.</summary>
internal sealed class ToyFormat : ITraceFormat
{
    public string Name => "a toy trace";

    public string Expectation => "a toy trace (TOY)";

    public bool Matches(ReadOnlySpan<byte> head) => head.StartsWith("TOY\n"u8);

    public string? ExplainMismatch(ReadOnlySpan<byte> head) =>
        head.StartsWith("TOY"u8) ? "a toy trace of another system" : null;

    public TraceReader Open(TraceInput input, TraceReadOptions options) => new ToyReader(input);
}
