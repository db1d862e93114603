using Osprey.Symbols;
using Osprey.Traces.Analyses;
using Osprey.Traces.Analyses.Profiles;
using Osprey.Traces.Model;

namespace Osprey.Traces.Exports.Profiles;

/// <summary>
/// Writes a profile for pprof: hits, and nanoseconds for timed samples; tracepoint and thread or CPU are tags.
/// </summary>
/// <remarks>
/// The tracepoint is no frame here, as it is for other viewers: pprof knows tags (<c>-tagfocus</c>, <c>-tagroot</c>),
/// and what it calls flat is then what functions did themselves.
/// </remarks>
public sealed class PprofExport : ProfileExport, IDisposable
{
    private readonly PprofWriter _writer;
    private readonly ProfileGrouping _grouping;
    private readonly string _title;
    private string? _group;
    private ulong _first = ulong.MaxValue;
    private ulong _last;

    /// <param name="scope">What counts; for timed samples the filter names the tracepoints, too.</param>
    /// <param name="symbols">Names the frames.</param>
    /// <param name="source">What the profile is made of.</param>
    /// <param name="grouping">The unit that there are tags for.</param>
    /// <param name="title">What stands in the file as its origin.</param>
    /// <param name="output">Where to; stays open.</param>
    public PprofExport(
        AnalysisScope scope,
        StackSymbols symbols,
        ProfileSource source,
        ProfileGrouping grouping,
        string title,
        Stream output
    )
        : base(scope, symbols, source, grouping)
    {
        _grouping = grouping;
        _title = title;
        _writer = new PprofWriter(output);
        _writer.AddValueType("hits", "count");
        if (IsTimed)
            _writer.AddValueType(source.ToString().ToLowerInvariant(), "nanoseconds");
    }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        _first = Math.Min(_first, sample.Time);
        _last = Math.Max(_last, sample.Time);
        base.Add(sample);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <inheritdoc/>
    protected override void StartGroup(string? name) => _group = name;

    /// <inheritdoc/>
    protected override void Write(StackFrames frames, string tracepoint, long hits, long weight)
    {
        ulong[] locations = [.. frames.Frames.Select(LocationOf)];
        Array.Reverse(locations);
        _writer.AddSample(
            locations,
            IsTimed ? [(ulong)hits, (ulong)weight] : [(ulong)hits],
            ("tracepoint", tracepoint),
            (_grouping == ProfileGrouping.Cpu ? "cpu" : "thread", _group)
        );
    }

    /// <inheritdoc/>
    protected override void Complete() => _writer.Complete($"osprey: {_title}", _last > _first ? _last - _first : 0);

    private ulong LocationOf(SymbolFrame frame) =>
        _writer.GetLocation(
            string.IsNullOrEmpty(frame.Name)
                ? new PprofFrame($"0x{frame.Address:x}", null, 0, frame.Address)
                : new PprofFrame(frame.Name, frame.File, frame.Line ?? 0, frame.Address)
        );
}
