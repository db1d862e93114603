namespace Osprey.Rest.Counters;

/// <summary>A reading of a guest's counters.</summary>
/// <param name="List">
/// The counters, in no particular order; names may repeat. Empty when none runs.
/// </param>
/// <param name="TimeMilliseconds">The guest's uptime at the reading, in milliseconds.</param>
public sealed record TraceCounts(IReadOnlyList<TraceCount> List, long TimeMilliseconds);
