using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Osvt;

/// <summary>The format of dumps that OSv's REST server gives at <c>GET /trace/buffers</c>.</summary>
internal sealed class OsvtFormat : ITraceFormat
{
    public string Name => "an OSVT dump";

    public string Expectation => "an OSVT dump (TVSO)";

    public bool Matches(ReadOnlySpan<byte> head) => head.StartsWith("TVSO"u8);

    public string? ExplainMismatch(ReadOnlySpan<byte> head) =>
        head.StartsWith("OSVT"u8)
            ? "a big-endian OSVT dump; only little-endian ones are known to exist and can be read"
            : null;

    public TraceReader Open(TraceInput input, TraceReadOptions options) =>
        new OsvtReader(input, options.MergeOrder, options.Limits);
}
