using Osprey.Traces.Analyses;
using Osprey.Traces.Exports.Timeline;

namespace Osprey.Traces.Exports.Chrome;

/// <summary>Writes a trace for Perfetto and chrome://tracing, as Trace Event JSON.</summary>
public sealed class ChromeTraceExport : TimelineExport, IDisposable
{
    private readonly ChromeTraceWriter _writer;

    /// <param name="scope">What counts; for pairs it goes by the entry.</param>
    /// <param name="symbols">Names the frames of stacks.</param>
    /// <param name="output">Where to; stays open.</param>
    public ChromeTraceExport(AnalysisScope scope, StackSymbols symbols, Stream output)
        : this(scope, symbols, new ChromeTraceWriter(output)) { }

    private ChromeTraceExport(AnalysisScope scope, StackSymbols symbols, ChromeTraceWriter writer)
        : base(scope, symbols, writer) => _writer = writer;

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
