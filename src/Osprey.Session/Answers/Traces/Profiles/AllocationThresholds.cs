namespace Osprey.Session.Answers.Traces.Profiles;

/// <summary>The least that is shown of a tree of allocations.</summary>
/// <param name="MinCount">Least allocations of a group; 0 for any.</param>
/// <param name="MinHits">Least allocations of a frame; null for any.</param>
/// <param name="MinPercent">Least share of a frame in its group's allocations; null for any.</param>
public sealed record AllocationThresholds(long MinCount, double? MinHits, double? MinPercent);
