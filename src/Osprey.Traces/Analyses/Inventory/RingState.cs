namespace Osprey.Traces.Analyses.Inventory;

/// <summary>The state of a CPU's ring: when it has wrapped, its oldest samples are lost.</summary>
public enum RingState
{
    /// <summary>It had room left: all of the CPU's samples are in the trace.</summary>
    HasRoom,

    /// <summary>It is as full as a ring of that size gets; how many CPUs the guest had is only inferred.</summary>
    ProbablyWrapped,

    /// <summary>It is as full as it gets: the oldest samples were overwritten.</summary>
    Wrapped,

    /// <summary>
    /// There is more than a ring holds: the trace is not of one ring, or the guest has fewer CPUs than it seems.
    /// </summary>
    Unknown,
}
