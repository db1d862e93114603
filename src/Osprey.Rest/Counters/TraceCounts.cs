namespace Osprey.Rest.Counters;

/// <summary>One reading of a guest's counters.</summary>
/// <param name="List">
/// In the guest's order, which means nothing; names may repeat. Empty when nothing is counted.
/// </param>
/// <param name="TimeMilliseconds">The guest's uptime when it was read.</param>
public sealed record TraceCounts(IReadOnlyList<TraceCount> List, long TimeMilliseconds);
