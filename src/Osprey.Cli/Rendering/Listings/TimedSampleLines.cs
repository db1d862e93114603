using System.Text.Json;
using Osprey.Cli.Rendering.Json;
using Osprey.Cli.Rendering.Text;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Writes timed samples, as lines of text (trace-cli section 3.2) or of JSON.</summary>
internal sealed class TimedSampleLines
{
    private readonly TracepointTable _tracepoints;
    private readonly SampleLines _lines;
    private readonly BacktraceText? _backtraces;
    private readonly SampleJson? _json;
    private readonly bool _isCompat;

    /// <param name="tracepoints">The trace's dictionary.</param>
    /// <param name="symbols">Names the frames of backtraces; null to leave backtraces out.</param>
    /// <param name="isMultiline">Whether each frame gets a line of its own.</param>
    /// <param name="isCompat">Whether to print as the reference does.</param>
    /// <param name="isJson">Whether to write JSON.</param>
    public TimedSampleLines(
        TracepointTable tracepoints,
        StackSymbols? symbols,
        bool isMultiline,
        bool isCompat,
        bool isJson
    )
    {
        _tracepoints = tracepoints;
        _lines = new SampleLines(tracepoints, null, isCompat);
        _backtraces = symbols is null ? null : new BacktraceText(symbols, isMultiline);
        _json = isJson ? new SampleJson(tracepoints, symbols) : null;
        _isCompat = isCompat;
    }

    /// <summary>Writes one timed sample and a line break.</summary>
    public void Append(Utf8Builder text, in TimedSample timed)
    {
        TraceEvent entry = timed.Entry.Sample;
        if (_json is not null)
        {
            AppendJson(_json, text, timed);
            return;
        }

        _lines.AppendThread(text, entry, cpuWidth: 2);
        text.Append((byte)' ');
        TimeText.AppendSeconds(text, entry.Time, 20, _isCompat);
        text.Append((byte)' ');
        TimeText.AppendMilliseconds(text, timed.Nanoseconds, 7);
        _lines.AppendName(text, entry.Tracepoint);
        _lines.AppendArguments(text, entry);
        if (!_isCompat)
            AppendResult(text, timed);

        _backtraces?.Append(text, entry.Backtrace);
        text.Append((byte)'\n');
    }

    /// <summary>Adds what did not fit its format to the trace's counters.</summary>
    public void CountMismatches(TraceStats stats) => stats.Count(LossKind.FormatMismatches, _lines.FormatMismatches);

    /// <summary>
    /// Writes how it ended, as strace does: <c> = 3</c>, <c> = error 2</c>, <c> = ?</c> while it is open.
    /// </summary>
    private void AppendResult(Utf8Builder text, in TimedSample timed)
    {
        if (timed.IsOpen)
        {
            text.Append(" = ?"u8);
            return;
        }

        if (timed.Exit.IsNone)
            return;

        TraceEvent exit = timed.Exit.Sample;
        bool isError = _tracepoints[exit.Tracepoint].Name.EndsWith("_err", StringComparison.Ordinal);
        bool hasValue = !exit.Payload.IsEmpty && _tracepoints[exit.Tracepoint].Name != "mutex_lock_wake";
        if (!hasValue && !isError)
            return;

        text.Append(isError ? " = error"u8 : " ="u8);
        if (hasValue)
        {
            text.Append((byte)' ');
            _lines.AppendArguments(text, exit);
        }
    }

    private void AppendJson(SampleJson json, Utf8Builder text, TimedSample timed) =>
        json.AppendLine(text, timed.Entry.Sample, writer => WriteEnd(writer, timed));

    private void WriteEnd(Utf8JsonWriter writer, TimedSample timed)
    {
        writer.WriteNumber("duration"u8, timed.Nanoseconds);
        if (timed.IsOpen)
            writer.WriteBoolean("open"u8, true);

        if (timed.Exit.IsNone)
            return;

        TraceEvent exit = timed.Exit.Sample;
        writer.WriteString("exit"u8, _tracepoints[exit.Tracepoint].Name);
        writer.WritePropertyName("result"u8);
        _json!.WriteArguments(writer, exit);
    }
}
