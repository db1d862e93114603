using Osprey.Sql.Tables;
using Osprey.Symbols;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Scheduling;
using Osprey.Traces.Model;

namespace Osprey.Sql;

/// <summary>Loads a trace into the tables of a database, in one pass.</summary>
/// <remarks>
/// Rows go to the database as they come; kept are the distinct stacks, the threads, and what is open. The tables are
/// described in docs/sql.md.
/// </remarks>
public sealed class TraceTables : TraceAnalysis, IDisposable
{
    private readonly AnalysisScope _scope;
    private readonly StackSymbols _symbols;
    private readonly SqlDatabase _database;
    private readonly TableWriter _samples;
    private readonly TableWriter _wakeupRows;
    private readonly ArgumentTables _arguments;
    private readonly SampleArguments _texts;
    private readonly CallTable _calls;
    private readonly PacketTable _packets;
    private readonly ThreadTable _threads = new();
    private readonly WakeupLatencyAnalysis _wakeups;
    private readonly StackTable _stacks = new();
    private readonly long[] _counts;

    /// <param name="scope">What counts.</param>
    /// <param name="symbols">Names the frames of stacks.</param>
    /// <param name="database">Gets the tables; has none of these names yet.</param>
    /// <exception cref="SqlException">The database refuses the tables.</exception>
    public TraceTables(AnalysisScope scope, StackSymbols symbols, SqlDatabase database)
    {
        _scope = scope;
        _symbols = symbols;
        _database = database;
        _counts = new long[scope.Tracepoints.Count];
        database.Execute(TraceSchema.Tables + TraceSchema.Waits(scope.Tracepoints, scope.Semantics));
        _texts = new SampleArguments(scope.Tracepoints);
        _samples = new TableWriter(database, null, "samples");
        _arguments = new ArgumentTables(database, scope.Tracepoints);
        _calls = new CallTable(scope, database, _texts, _stacks);
        _packets = new PacketTable(scope, database);
        _wakeupRows = new TableWriter(database, null, "wakeups");
        _wakeups = new WakeupLatencyAnalysis(
            scope,
            (in TraceEvent resumed, long wakeup, long wait) =>
                AddOrigin(_wakeupRows, resumed).Add(wakeup).Add(wait).EndRow()
        );
    }

    /// <summary>The number of samples that were loaded.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        bool isIncluded = _scope.Includes(sample);
        _calls.Add(sample);
        _wakeups.Add(sample);
        _packets.Add(isIncluded ? Count : -1, sample);
        if (!isIncluded)
            return;

        AddOrigin(_samples.Add(Count), sample).AddText(_scope.Tracepoints[sample.Tracepoint].NameBytes.Span);
        AddStack(_samples.AddText(_texts.Format(sample)), _stacks, sample).EndRow();
        _arguments.Add(Count, sample);
        _threads.Add(sample);
        _counts[sample.Tracepoint]++;
        Count++;
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        _wakeups.Finish();
        _calls.Complete();
        _samples.Complete();
        _arguments.Complete();
        _packets.Complete();
        _wakeupRows.Complete();
        _threads.Write(_database);
        WriteStacks();
        WriteTracepoints();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _calls.Dispose();
        _samples.Dispose();
        _arguments.Dispose();
        _packets.Dispose();
        _wakeupRows.Dispose();
    }

    /// <summary>A time or a duration as the tables have it: 292 years at most.</summary>
    internal static long Signed(ulong nanoseconds) => (long)Math.Min(nanoseconds, long.MaxValue);

    /// <summary>Adds a sample's time, CPU and thread.</summary>
    internal static TableWriter AddOrigin(TableWriter writer, in TraceEvent sample)
    {
        writer.Add(Signed(sample.Time));
        return AddCpu(writer, sample.Cpu).Add(sample.Thread).AddText(sample.ThreadName);
    }

    /// <summary>Adds the number of a CPU; NULL for none.</summary>
    internal static TableWriter AddCpu(TableWriter writer, uint cpu) =>
        cpu == uint.MaxValue ? writer.AddNull() : writer.Add((long)cpu);

    /// <summary>Adds the number of a sample's backtrace; NULL without one.</summary>
    internal static TableWriter AddStack(TableWriter writer, StackTable stacks, in TraceEvent sample) =>
        sample.HasBacktrace ? writer.Add((long)stacks.Intern(sample.Backtrace)) : writer.AddNull();

    private void WriteStacks()
    {
        using var writer = new TableWriter(_database, null, "stacks");
        for (int stack = 0; stack < _stacks.Count; stack++)
        {
            List<SymbolFrame> frames = _symbols.Resolve(_stacks[stack]).WithoutMachinery().Frames;
            for (int depth = 0; depth < frames.Count; depth++)
            {
                SymbolFrame frame = frames[depth];
                writer.Add((long)stack).Add((long)depth).Add(frame.Address).Add(frame.Name).Add(frame.File);
                if (frame.Line is int line)
                    writer.Add((long)line);
                else
                    writer.AddNull();

                writer.Add(frame.IsInlined).EndRow();
            }
        }

        writer.Complete();
    }

    private void WriteTracepoints()
    {
        using var writer = new TableWriter(_database, null, "tracepoints");
        foreach (Tracepoint tracepoint in _scope.Tracepoints.All)
        {
            writer.AddText(tracepoint.NameBytes.Span).AddText(tracepoint.SignatureBytes.Span);
            writer.AddText(tracepoint.FormatBytes.Span).Add(_counts[tracepoint.Index]).EndRow();
        }

        writer.Complete();
    }
}
