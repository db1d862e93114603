using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Text;
using Osprey.Session.Answers.Traces.Samples;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Writes timed samples, as lines of text or of JSON.</summary>
internal sealed class TimedSampleLines
{
    private readonly TracepointTable _tracepoints;
    private readonly PairEnd[] _ends;
    private readonly SampleLines _lines;
    private readonly BacktraceText? _backtraces;
    private readonly SampleCells _cells;
    private readonly JsonLines? _json;
    private readonly bool _isCompat;

    /// <param name="scope">The trace's dictionary and semantics, and whether to print as the reference does.</param>
    /// <param name="symbols">Names the frames of backtraces; null to leave backtraces out.</param>
    /// <param name="isMultiline">Whether each frame gets a line of its own.</param>
    /// <param name="isJson">Whether to write JSON.</param>
    /// <param name="isShort">Whether C++ names in text are shortened.</param>
    public TimedSampleLines(AnalysisScope scope, StackSymbols? symbols, bool isMultiline, bool isJson, bool isShort)
    {
        _tracepoints = scope.Tracepoints;
        _ends = [.. _tracepoints.All.Select(tracepoint => scope.Semantics.EndOf(tracepoint.Name, isCompat: false))];
        _lines = new SampleLines(_tracepoints, null, scope.IsCompat);
        _backtraces = symbols is null ? null : new BacktraceText(symbols, isMultiline, isShort);
        _cells = new SampleCells(_tracepoints, symbols);
        _json = isJson ? new JsonLines() : null;
        _isCompat = scope.IsCompat;
    }

    /// <summary>Writes one timed sample and a line break.</summary>
    public void Append(Utf8Builder text, in TimedSample timed)
    {
        if (_json is not null)
        {
            _json.Append(text, TimedRow.Shape, new TimedRow(timed, _cells));
            return;
        }

        TraceEvent entry = timed.Entry.Sample;
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
        PairEnd end = _ends[exit.Tracepoint];
        bool isError = end.IsError;
        bool hasValue = !exit.Payload.IsEmpty && !end.HasNoResult;
        if (!hasValue && !isError)
            return;

        text.Append(isError ? " = error"u8 : " ="u8);
        if (hasValue)
        {
            text.Append((byte)' ');
            _lines.AppendArguments(text, exit);
        }
    }
}
