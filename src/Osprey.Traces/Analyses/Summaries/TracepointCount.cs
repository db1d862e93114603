using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Summaries;

/// <summary>The number of times that a tracepoint was hit.</summary>
public sealed record TracepointCount(Tracepoint Tracepoint, long Count);
