using System.Text;
using Osprey.Traces.Formats.TextEvents;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.LinuxText;

/// <summary>
/// Events of Linux as text: what <c>perf script</c>, <c>trace-cmd report</c> and ftrace's trace file give.
/// </summary>
internal sealed class LinuxTextFormat : ITraceFormat
{
    private static readonly string[] s_starts = ["# ========", "# tracer:", "cpus=", "version = ", "CPU 0 is empty"];

    /// <inheritdoc/>
    public string Name => "";

    /// <inheritdoc/>
    public string Expectation => "";

    /// <inheritdoc/>
    public bool Matches(ReadOnlySpan<byte> head)
    {
        if (head.IndexOf((byte)0) >= 0)
            return false;

        string text = Encoding.UTF8.GetString(head);
        return Array.Exists(s_starts, start => text.StartsWith(start, StringComparison.Ordinal))
            || LinuxLineParser.LooksLikeEvent(text.TrimStart('\n').Split('\n')[0]);
    }

    /// <inheritdoc/>
    public string? ExplainMismatch(ReadOnlySpan<byte> head) =>
        head.StartsWith("PERFILE2"u8) ? "this is perf's own file; 'perf script -i FILE' makes the text that can be read"
        : head.StartsWith("\u0017\bDtracing"u8)
            ? "this is trace-cmd's own file; 'trace-cmd report FILE' makes the text that can be read"
        : null;

    /// <inheritdoc/>
    public TraceReader Open(TraceInput input, TraceReadOptions options) =>
        new TextTraceReader(
            input,
            options,
            "events of Linux as text",
            (source, names) => new LinuxLineReader(source, names)
        );
}
