namespace Osprey.Traces.Analyses.Memory;

/// <summary>The keys that allocations can be grouped by.</summary>
public enum AllocationKey
{
    /// <summary>The allocator that served it: <c>mempool</c>, <c>large</c> or <c>page</c>.</summary>
    Allocator,

    /// <summary>The alignment asked for, in bytes.</summary>
    Alignment,

    /// <summary>The size that was set aside, in bytes.</summary>
    Allocated,

    /// <summary>The size asked for, in bytes.</summary>
    Requested,
}
