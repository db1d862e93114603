using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.ChromeJson;

/// <summary>Chrome's Trace Event JSON: an array of events, or an object that has one.</summary>
internal sealed class ChromeJsonFormat : ITraceFormat
{
    /// <inheritdoc/>
    public string Name => "";

    /// <inheritdoc/>
    public string Expectation => "";

    /// <summary>Tells the form by the first member: of an event in an array, or of the object around it.</summary>
    /// <param name="head">The file's first bytes, 64 at most.</param>
    public bool Matches(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> blanks = " \t\r\n"u8;
        head = head.TrimStart(blanks);
        if (head.StartsWith("["u8))
            return head[1..].TrimStart(blanks).StartsWith("{"u8);

        return head.StartsWith("{"u8)
            && (
                head.IndexOf("\"traceEvents\""u8) > 0
                || head.IndexOf("\"displayTimeUnit\""u8) > 0
                || head.IndexOf("\"stackFrames\""u8) > 0
            );
    }

    /// <inheritdoc/>
    public string? ExplainMismatch(ReadOnlySpan<byte> head) => null;

    /// <inheritdoc/>
    public TraceReader Open(TraceInput input, TraceReadOptions options) => new ChromeJsonReader(input, options);
}
