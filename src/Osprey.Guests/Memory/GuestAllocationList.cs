namespace Osprey.Guests.Memory;

/// <summary>The allocations that a kernel recorded.</summary>
/// <param name="Items">The allocations, in no order.</param>
/// <param name="Chains">The chains of calls, each once: return addresses, innermost first.</param>
/// <param name="Sequence">The number of allocations that were recorded so far, freed ones included.</param>
/// <param name="IsOn">True while the kernel records; null when not known.</param>
/// <param name="Defects">The reasons why some may be missing, in words.</param>
public sealed record GuestAllocationList(
    IReadOnlyList<GuestAllocation> Items,
    IReadOnlyList<ulong[]> Chains,
    ulong Sequence,
    bool? IsOn,
    IReadOnlyList<string> Defects
);
