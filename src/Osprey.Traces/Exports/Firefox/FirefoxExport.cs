using Osprey.Symbols;
using Osprey.Traces.Analyses;
using Osprey.Traces.Exports.Timeline;
using Osprey.Traces.Model;

namespace Osprey.Traces.Exports.Firefox;

/// <summary>
/// Writes a trace for the Firefox Profiler: stacks as the samples of their threads, timed pairs and moments as markers.
/// </summary>
public sealed class FirefoxExport : TimelineExport, IDisposable
{
    private readonly AnalysisScope _scope;
    private readonly StackSymbols _symbols;
    private readonly FirefoxWriter _writer;
    private readonly StackTable _stacks = new();
    private readonly OrderedDictionary<(int Stack, int Tracepoint), int> _leaves = [];

    /// <param name="scope">What counts; for pairs it goes by the entry.</param>
    /// <param name="symbols">Names the frames of stacks.</param>
    /// <param name="title">What is shown as the origin.</param>
    /// <param name="output">Where to; stays open.</param>
    public FirefoxExport(AnalysisScope scope, StackSymbols symbols, string title, Stream output)
        : this(scope, symbols, new FirefoxWriter(output, title)) { }

    private FirefoxExport(AnalysisScope scope, StackSymbols symbols, FirefoxWriter writer)
        : base(scope, symbols, writer)
    {
        _scope = scope;
        _symbols = symbols;
        _writer = writer;
    }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        base.Add(sample);
        if (!sample.HasBacktrace || !_scope.Includes(sample))
            return;

        (int, int) leaf = (_stacks.Intern(sample.Backtrace), sample.Tracepoint);
        if (!_leaves.TryGetValue(leaf, out int number))
            _leaves.Add(leaf, number = _leaves.Count);

        (int process, int row) = PlaceOf(sample);
        _writer.Sample(process, row, sample.Time, number);
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        int[] indexes = [.. _leaves.Keys.Select(leaf => Resolve(leaf.Stack, leaf.Tracepoint))];
        _writer.StackOf = number => indexes[number];
        base.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private int Resolve(int stack, int tracepoint)
    {
        int index = -1;
        foreach (SymbolFrame frame in _symbols.Resolve(_stacks[stack]).WithoutMachinery().Reversed().Frames)
        {
            index = string.IsNullOrEmpty(frame.Name)
                ? _writer.Tables.Push(index, $"0x{frame.Address:x}", null, 0, FirefoxTables.CodeCategory)
                : _writer.Tables.Push(index, frame.Name, frame.File, frame.Line ?? 0, FirefoxTables.CodeCategory);
        }

        string name = _scope.Tracepoints[tracepoint].Name;
        return _writer.Tables.Push(index, name, null, 0, FirefoxTables.TracepointCategory);
    }
}
