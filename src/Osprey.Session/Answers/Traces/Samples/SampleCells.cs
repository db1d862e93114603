using Osprey.Symbols;
using Osprey.Traces.Analyses;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Session.Answers.Traces.Samples;

/// <summary>Makes rows of a trace's samples and computes their texts. For one thread at a time.</summary>
/// <param name="tracepoints">The trace's dictionary.</param>
/// <param name="symbols">
/// Names the frames of backtraces; shared by all threads, which lock it. Null to leave backtraces out.
/// </param>
public sealed class SampleCells(TracepointTable tracepoints, StackSymbols? symbols)
{
    private ArgumentFormatter?[] _formatters = new ArgumentFormatter?[tracepoints.Count];
    private readonly Utf8Builder _text = new();

    /// <summary>Returns the row of a sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="network">The packet or the TCP states in words; null for other samples.</param>
    public SampleRow CreateRow(scoped in TraceEvent sample, string? network = null) => new(sample, this, network);

    internal Tracepoint TracepointOf(in TraceEvent sample) => tracepoints[sample.Tracepoint];

    /// <summary>Returns the arguments through the tracepoint's format; valid until the next call.</summary>
    internal ReadOnlySpan<byte> FormatArguments(scoped in TraceEvent sample)
    {
        _text.Clear();
        if (_formatters.Length <= sample.Tracepoint)
            Array.Resize(ref _formatters, tracepoints.Count); // a guest that runs may get more of them

        (
            _formatters[sample.Tracepoint] ??= new ArgumentFormatter(tracepoints[sample.Tracepoint], compat: false)
        ).Append(_text, sample.Payload);
        return _text.Written;
    }

    /// <summary>Returns the frames without those of the tracepoint itself; null when backtraces are left out.</summary>
    internal List<SymbolFrame>? ResolveBacktrace(in TraceEvent sample)
    {
        if (symbols is null)
            return null;

        lock (symbols)
            return symbols.Resolve(sample.Backtrace).WithoutTracepoint().Frames;
    }

    /// <summary>Writes the arguments as numbers, booleans and text.</summary>
    internal void WriteArguments(in TraceEvent sample, CellWriter writer)
    {
        if (tracepoints[sample.Tracepoint].Layout is not { } layout)
            return;

        var arguments = new PayloadArguments(layout, sample.Payload);
        for (int i = 0; i < arguments.Count; i++)
            WriteArgument(writer, arguments, i);
    }

    private static void WriteArgument(CellWriter writer, in PayloadArguments arguments, int index)
    {
        switch (arguments.TypeOf(index))
        {
            case ArgumentType.Pointer:
                writer.Address(null, unchecked((ulong)arguments.GetInteger(index)));
                break;
            case ArgumentType.Boolean:
                writer.Boolean(null, arguments.GetInteger(index) != 0);
                break;
            case ArgumentType.Text:
                writer.Text(null, arguments.GetBytes(index));
                break;
            case ArgumentType.Blob:
                writer.Bytes(null, arguments.GetBytes(index));
                break;
            case ArgumentType.Single or ArgumentType.Double:
                writer.Number(null, arguments.GetDouble(index));
                break;
            case ArgumentType.UInt64:
                writer.Unsigned(null, unchecked((ulong)arguments.GetInteger(index)));
                break;
            default:
                writer.Integer(null, arguments.GetInteger(index));
                break;
        }
    }
}
