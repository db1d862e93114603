namespace Osprey.Traces.Analyses.Memory;

/// <summary>All allocations alike in size, alignment, allocator and backtrace.</summary>
/// <param name="Allocator">Who served them.</param>
/// <param name="Alignment">Bytes.</param>
/// <param name="Allocated">Bytes set aside for each.</param>
/// <param name="Requested">Bytes asked for each.</param>
/// <param name="Stack">Number of the backtrace; -1 without one.</param>
/// <param name="Count">How many.</param>
public sealed record AllocationTotals(
    string Allocator,
    ulong Alignment,
    ulong Allocated,
    ulong Requested,
    int Stack,
    long Count
);
