namespace Osprey.Session.Answers.Guests.Allocations;

/// <summary>A choice among the allocations that a guest recorded.</summary>
/// <param name="After">
/// The kernel's count of allocations at an earlier time, as <see cref="AllocationsAnswer"/> has it: only what was
/// allocated later counts. 0 for all.
/// </param>
/// <param name="MinBytes">The fewest bytes that a chain of calls must have in use to be shown.</param>
/// <param name="Limit">The number of chains of calls to show.</param>
public sealed record AllocationQuery(ulong After = 0, ulong MinBytes = 0, int Limit = int.MaxValue);
