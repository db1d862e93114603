using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Traces.Rings.Calls;
using Osprey.Traces.Analyses;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Writes calls as OSv's <c>--strace</c> does, with their results and durations behind them.</summary>
/// <param name="output">Where to.</param>
/// <param name="tracepoints">The guest's tracepoints; may grow.</param>
/// <param name="semantics">Tells ends that are failures.</param>
/// <param name="symbols">Names the stacks below each line; null to leave them out.</param>
internal sealed class StraceText(
    Output output,
    TracepointTable tracepoints,
    TraceSemantics semantics,
    StackSymbols? symbols
) : ICallSink
{
    private readonly List<ArgumentFormatter> _formatters = [];

    public void TakeSingle(in TraceEvent sample)
    {
        AppendHead(sample);
        AppendCall(sample);
        End(sample);
    }

    public void TakeCall(in TraceEvent entry, in TraceEvent exit, bool isResumed)
    {
        AppendHead(isResumed ? exit : entry);
        if (isResumed)
        {
            output.Text.Append("<... "u8);
            AppendName(entry);
            output.Text.Append(" resumed>"u8);
        }
        else
        {
            AppendCall(entry);
        }

        AppendResult(exit);
        output.Text.Append(" <"u8);
        TimeText.AppendSeconds(output.Text, exit.Time > entry.Time ? exit.Time - entry.Time : 0, width: 0);
        output.Text.Append((byte)'>');
        End(entry);
    }

    public void TakeUnfinished(in TraceEvent entry)
    {
        AppendHead(entry);
        AppendCall(entry);
        output.Text.Append(" <unfinished ...>"u8);
        End(entry);
    }

    private void AppendHead(in TraceEvent sample)
    {
        output.Text.AppendLeft(sample.ThreadName, 15);
        output.Text.Append((byte)' ');
        if (sample.Cpu == uint.MaxValue)
            output.Text.Append(" -1"u8);
        else
            output.Text.AppendDecimal(sample.Cpu, 3);

        output.Text.Append((byte)' ');
        TimeText.AppendSeconds(output.Text, sample.Time);
        output.Text.Append((byte)' ');
    }

    private void AppendCall(in TraceEvent sample)
    {
        AppendName(sample);
        output.Text.Append((byte)'(');
        FormatterOf(sample.Tracepoint).Append(output.Text, sample.Payload);
        output.Text.Append((byte)')');
    }

    private void AppendName(in TraceEvent sample) => output.Text.Append(tracepoints[sample.Tracepoint].NameBytes.Span);

    private void AppendResult(in TraceEvent exit)
    {
        PairEnd end = semantics.EndOf(tracepoints[exit.Tracepoint].Name, isCompat: false);
        if (end.HasNoResult)
            return;

        if (end.IsError)
            output.Text.Append(" = error "u8);
        else if (exit.Payload.Length > 0)
            output.Text.Append(" = "u8);

        FormatterOf(exit.Tracepoint).Append(output.Text, exit.Payload);
    }

    private void End(in TraceEvent sample)
    {
        output.Text.Append((byte)'\n');
        if (symbols is null || !sample.HasBacktrace)
            return;

        foreach (string frame in symbols.Compose(symbols.Resolve(sample.Backtrace).WithoutTracepoint()))
        {
            output.Text.Append(" > "u8);
            output.Text.Append(frame);
            output.Text.Append((byte)'\n');
        }
    }

    private ArgumentFormatter FormatterOf(int tracepoint)
    {
        while (_formatters.Count <= tracepoint)
            _formatters.Add(ArgumentFormatter.LikeC(tracepoints[_formatters.Count]));

        return _formatters[tracepoint];
    }
}
