using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Exports.Flame;

namespace Osprey.Traces.Exports.Profiles;

/// <summary>
/// Writes a profile as a flame graph, an SVG image; the thread or CPU that it is grouped by is the outermost frame, the
/// tracepoint the innermost.
/// </summary>
public sealed class FlameGraphExport : ProfileExport
{
    private readonly FlameTree _tree;
    private readonly FlameSvgWriter _writer;
    private readonly string _title;
    private string? _group;

    /// <param name="scope">What counts; for timed samples the filter names the tracepoints, too.</param>
    /// <param name="symbols">Names the frames.</param>
    /// <param name="source">What the profile is made of.</param>
    /// <param name="grouping">What there is one group for.</param>
    /// <param name="title">The image's head line.</param>
    /// <param name="output">Where to; stays open.</param>
    public FlameGraphExport(
        AnalysisScope scope,
        StackSymbols symbols,
        ProfileSource source,
        ProfileGrouping grouping,
        string title,
        Stream output
    )
        : base(scope, symbols, source, grouping)
    {
        _tree = new FlameTree(symbols);
        _writer = new FlameSvgWriter(output);
        _title = source == ProfileSource.Hits ? title : $"{title}: {source.ToString().ToLowerInvariant()}";
    }

    /// <inheritdoc/>
    protected override void StartGroup(string? name) => _group = name;

    /// <inheritdoc/>
    protected override void Write(StackFrames frames, string tracepoint, long hits, long weight) =>
        _tree.Add(_group, frames, tracepoint, weight);

    /// <inheritdoc/>
    protected override void Complete() => _writer.Write(_tree.Root, _title, IsTimed);
}
