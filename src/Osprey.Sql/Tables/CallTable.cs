using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Pairs;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Sql.Tables;

/// <summary>The timed pairs of a trace, as <c>list-timed</c> shows them.</summary>
internal sealed class CallTable : IDisposable
{
    private readonly AnalysisScope _scope;
    private readonly TableWriter _writer;
    private readonly TimedSampleAnalysis _analysis;
    private readonly SampleArguments _arguments;
    private readonly StackTable _stacks;
    private readonly bool[] _isError;
    private long _count;

    public CallTable(AnalysisScope scope, SqlDatabase database, SampleArguments arguments, StackTable stacks)
    {
        _scope = scope;
        _arguments = arguments;
        _stacks = stacks;
        _writer = new TableWriter(database, null, "calls");
        _isError =
        [
            .. scope.Tracepoints.All.Select(tracepoint =>
                scope.Semantics.EndOf(tracepoint.Name, isCompat: false) is { Role: PairRole.Exit, IsError: true }
            ),
        ];
        _analysis = new TimedSampleAnalysis(scope, withBacktraces: true, withExits: true, Write);
    }

    /// <summary>Takes the next sample of the trace.</summary>
    public void Add(in TraceEvent sample) => _analysis.Add(sample);

    /// <summary>Writes the calls that are still open, and hands over the rows that are left.</summary>
    public void Complete()
    {
        _analysis.Finish();
        _writer.Complete();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void Write(TimedSample call)
    {
        TraceEvent entry = call.Entry.Sample;
        _writer.Add(_count++).AddText(_scope.Tracepoints[entry.Tracepoint].NameBytes.Span);
        _writer.Add(TraceTables.Signed(call.Time)).Add(TraceTables.Signed(call.Nanoseconds));
        TraceTables.AddCpu(_writer, entry.Cpu);
        if (call.Exit.IsNone)
            _writer.AddNull();
        else
            TraceTables.AddCpu(_writer, call.Exit.Sample.Cpu);

        _writer.Add(entry.Thread).AddText(entry.ThreadName).AddText(_arguments.Format(entry));
        if (call.Exit.IsNone)
            _writer.AddNull().AddNull();
        else
            _writer.AddText(_arguments.Format(call.Exit.Sample)).Add(_isError[call.Exit.Sample.Tracepoint]);

        _writer.Add(call.IsOpen);
        TraceTables.AddStack(_writer, _stacks, entry).EndRow();
        _analysis.Release(call);
    }
}
