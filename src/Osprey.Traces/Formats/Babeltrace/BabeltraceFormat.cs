using System.Text;
using System.Text.RegularExpressions;
using Osprey.Traces.Formats.TextEvents;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Babeltrace;

/// <summary>The text that babeltrace2 makes of CTF traces.</summary>
internal sealed partial class BabeltraceFormat : ITraceFormat
{
    /// <inheritdoc/>
    public string Name => "";

    /// <inheritdoc/>
    public string Expectation => "";

    /// <inheritdoc/>
    public bool Matches(ReadOnlySpan<byte> head) =>
        head.StartsWith("["u8) && Start().IsMatch(Encoding.UTF8.GetString(head));

    /// <inheritdoc/>
    public string? ExplainMismatch(ReadOnlySpan<byte> head) =>
        head.StartsWith("/* CTF"u8)
            ? "this is the metadata of a CTF trace; 'babeltrace2 FOLDER' makes the text that can be read"
            : null;

    /// <inheritdoc/>
    public TraceReader Open(TraceInput input, TraceReadOptions options) =>
        new TextTraceReader(
            input,
            options,
            "events of a CTF trace as text of babeltrace2",
            (source, names) => new BabeltraceLineReader(source, names)
        );

    [GeneratedRegex(@"^\[\d[\d:.\- ]{5,40}\] \(\+")]
    private static partial Regex Start();
}
