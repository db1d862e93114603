using Osprey.Traces.Analyses;
using Osprey.Traces.Exports.Timeline;

namespace Osprey.Traces.Exports.Perfetto;

/// <summary>
/// Writes a trace in Perfetto's own form: threads, what CPUs run, wake-ups as arrows, run queues, packets.
/// </summary>
public sealed class PerfettoExport : TimelineExport
{
    /// <param name="scope">What counts; for pairs it goes by the entry.</param>
    /// <param name="symbols">Names the frames of stacks.</param>
    /// <param name="output">Where to; stays open.</param>
    public PerfettoExport(AnalysisScope scope, StackSymbols symbols, Stream output)
        : base(scope, symbols, new PerfettoTraceWriter(output)) { }
}
