using Osprey.Symbols;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Traces.Exports.Profiles;

/// <summary>
/// Writes a profile for speedscope: one of its profiles a thread or CPU, frames with their source lines.
/// </summary>
public sealed class SpeedscopeExport : ProfileExport, IDisposable
{
    private readonly SpeedscopeWriter _writer;
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
        _title = title;
        _writer = new SpeedscopeWriter(output, title);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <inheritdoc/>
    protected override void StartGroup(string? name) =>
        _writer.BeginProfile(name ?? _title, IsTimed ? SpeedscopeUnit.Nanoseconds : SpeedscopeUnit.None);

    /// <inheritdoc/>
    protected override void Write(StackFrames frames, long weight)
    {
        Span<int> indexes =
            frames.Frames.Count <= 256 ? stackalloc int[frames.Frames.Count] : new int[frames.Frames.Count];
        for (int i = 0; i < indexes.Length; i++)
            indexes[i] = IndexOf(frames.Frames[i]);

        _writer.AddSample(indexes, weight);
    }

    /// <inheritdoc/>
    protected override void Complete() => _writer.Complete();

    private int IndexOf(SymbolFrame frame) =>
        string.IsNullOrEmpty(frame.Name)
            ? _writer.GetFrame($"0x{frame.Address:x}")
            : _writer.GetFrame(frame.Name, frame.File, frame.Line ?? 0);
}
