namespace Osprey.Traces.Analyses.Comparison;

/// <summary>How often a tracepoint was hit in two traces; tracepoints of one name are one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CountA">Samples in the first.</param>
/// <param name="CountB">Samples in the second.</param>
/// <param name="Compared">The samples per second, or the samples themselves.</param>
public sealed record TracepointDifference(string Name, long CountA, long CountB, Change Compared);
