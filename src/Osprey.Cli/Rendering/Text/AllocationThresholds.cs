namespace Osprey.Cli.Rendering.Text;

/// <summary>What is left out of a tree of allocations.</summary>
/// <param name="MinCount">Least allocations of a group; 0 for any.</param>
/// <param name="MinHits">Least allocations of a frame; null for any.</param>
/// <param name="MinPercent">Least share of a frame in its group's allocations; null for any.</param>
internal sealed record AllocationThresholds(long MinCount, double? MinHits, double? MinPercent);
