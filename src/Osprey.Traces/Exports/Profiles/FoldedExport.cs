using Osprey.Symbols;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Traces.Exports.Profiles;

/// <summary>
/// Writes a profile as folded stacks; the thread or CPU that it is grouped by is the outermost frame, the tracepoint
/// the
/// innermost.
/// </summary>
public sealed class FoldedExport : ProfileExport
{
    private readonly FoldedWriter _writer;
    private readonly StackSymbols _symbols;
    private readonly OrderedDictionary<string, (string[] Frames, long Weight)> _stacks = [];
    private string? _group;

    /// <param name="scope">What counts; for timed samples the filter names the tracepoints, too.</param>
    /// <param name="symbols">Names the frames.</param>
    /// <param name="source">What the profile is made of.</param>
    /// <param name="grouping">What there is one group for.</param>
    /// <param name="output">Where to; stays open.</param>
    public FoldedExport(
        AnalysisScope scope,
        StackSymbols symbols,
        ProfileSource source,
        ProfileGrouping grouping,
        Stream output
    )
        : base(scope, symbols, source, grouping)
    {
        _symbols = symbols;
        _writer = new FoldedWriter(output);
    }

    /// <inheritdoc/>
    protected override void StartGroup(string? name)
    {
        WriteGroup();
        _group = name;
    }

    /// <inheritdoc/>
    protected override void Write(StackFrames frames, string tracepoint, long hits, long weight)
    {
        List<string> names = [];
        if (_group is not null)
            names.Add(_group);

        foreach (SymbolFrame frame in frames.Frames)
            names.Add(_symbols.Compose(frame));

        names.Add(tracepoint);
        // Addresses within the same functions are different stacks to the profile, but the same line here.
        string key = string.Join('\n', names);
        long before = _stacks.TryGetValue(key, out (string[] Frames, long Weight) stack) ? stack.Weight : 0;
        _stacks[key] = (stack.Frames ?? [.. names], long.CreateSaturating((Int128)before + weight));
    }

    /// <inheritdoc/>
    protected override void Complete()
    {
        WriteGroup();
        _writer.Flush();
    }

    private void WriteGroup()
    {
        foreach ((string[] frames, long weight) in _stacks.Values)
            _writer.Add(frames, weight);

        _stacks.Clear();
    }
}
