namespace Osprey.Traces.Analyses.Profiles;

/// <summary>The unit that a profile has one tree for.</summary>
public enum ProfileGrouping
{
    /// <summary>One tree for all samples.</summary>
    None,

    /// <summary>A tree a thread.</summary>
    Thread,

    /// <summary>A tree a CPU.</summary>
    Cpu,
}
