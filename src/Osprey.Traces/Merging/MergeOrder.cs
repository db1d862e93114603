namespace Osprey.Traces.Merging;

/// <summary>The order of samples of equal time that come from several CPUs.</summary>
public enum MergeOrder
{
    /// <summary>By time, then by CPU: the same trace always gives the same order.</summary>
    TimeThenCpu,

    /// <summary>As the reference's heap leaves them: by time alone, ties as they fall out of the heap.</summary>
    Reference,
}
