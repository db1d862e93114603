namespace Osprey.Guests.Memory;

/// <summary>Memory that was allocated and not freed since.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Size">The size in bytes that was asked for.</param>
/// <param name="Sequence">Its number among all allocations that were recorded: a smaller one is older.</param>
/// <param name="Chain">The index of the calls that led to it, in <see cref="GuestAllocationList.Chains"/>.</param>
public readonly record struct GuestAllocation(ulong Address, ulong Size, ulong Sequence, int Chain);
