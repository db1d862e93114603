using Osprey.Symbols;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Traces.Exports.Profiles;

/// <summary>
/// Writes a profile for speedscope: one of its profiles a thread or CPU, one frame a function, the tracepoint
/// innermost.
/// </summary>
/// <remarks>
/// Speedscope takes two frames that differ in anything for two functions. So a frame has its source file, but a line
/// only
/// when lines are asked for.
/// </remarks>
public sealed class SpeedscopeExport : ProfileExport, IDisposable
{
    private readonly SpeedscopeWriter _writer;
    private readonly StackSymbols _symbols;
    private readonly OrderedDictionary<string, (int[] Frames, long Weight)> _stacks = [];
    private readonly string _title;

    /// <param name="scope">What counts; for timed samples the filter names the tracepoints, too.</param>
    /// <param name="symbols">Names the frames.</param>
    /// <param name="source">What the profile is made of.</param>
    /// <param name="grouping">What there is one group for.</param>
    /// <param name="title">What is shown as the file's name.</param>
    /// <param name="output">Where to; stays open.</param>
    public SpeedscopeExport(
        AnalysisScope scope,
        StackSymbols symbols,
        ProfileSource source,
        ProfileGrouping grouping,
        string title,
        Stream output
    )
        : base(scope, symbols, source, grouping)
    {
        _symbols = symbols;
        _title = title;
        _writer = new SpeedscopeWriter(output, title);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <inheritdoc/>
    protected override void StartGroup(string? name)
    {
        WriteGroup();
        _writer.BeginProfile(name ?? _title, IsTimed ? SpeedscopeUnit.Nanoseconds : SpeedscopeUnit.None);
    }

    /// <inheritdoc/>
    protected override void Write(StackFrames frames, string tracepoint, long hits, long weight)
    {
        int[] indexes = [.. frames.Frames.Select(IndexOf), _writer.GetFrame(tracepoint)];

        // Addresses within the same functions are different stacks to the profile, but the same boxes here.
        string key = string.Join(' ', indexes);
        long before = _stacks.TryGetValue(key, out (int[] Frames, long Weight) stack) ? stack.Weight : 0;
        _stacks[key] = (indexes, long.CreateSaturating((Int128)before + weight));
    }

    /// <inheritdoc/>
    protected override void Complete()
    {
        WriteGroup();
        _writer.Complete();
    }

    private void WriteGroup()
    {
        foreach ((int[] frames, long weight) in _stacks.Values)
            _writer.AddSample(frames, weight);

        _stacks.Clear();
    }

    private int IndexOf(SymbolFrame frame) =>
        string.IsNullOrEmpty(frame.Name)
            ? _writer.GetFrame($"0x{frame.Address:x}")
            : _writer.GetFrame(frame.Name, frame.File, _symbols.Options.ShowLine ? frame.Line ?? 0 : 0);
}
