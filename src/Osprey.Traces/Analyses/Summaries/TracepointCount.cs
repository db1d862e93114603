using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Summaries;

/// <summary>How often a tracepoint was hit.</summary>
public sealed record TracepointCount(Tracepoint Tracepoint, long Count);
