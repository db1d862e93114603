namespace Osprey.Traces.Semantics;

/// <summary>One end of the pairs that a tracepoint begins or ends.</summary>
/// <param name="Role">The end that it is.</param>
/// <param name="Group">A name that both ends share: the samples of a pair have it in common.</param>
public readonly record struct PairEnd(PairRole Role, string Group)
{
    /// <summary>Neither end of a pair.</summary>
    public static PairEnd None => new(PairRole.None, "");

    /// <summary>Tells whether a pair belongs to a CPU, and not to a thread.</summary>
    public bool IsPerCpu { get; init; }

    /// <summary>Tells whether the pair is matched even when no exit of the group is known yet.</summary>
    public bool IsAlwaysKnown { get; init; }

    /// <summary>Tells whether an exit tells of a failure.</summary>
    public bool IsError { get; init; }

    /// <summary>Tells whether the arguments of an exit are no result of what the pair timed.</summary>
    public bool HasNoResult { get; init; }
}
