using Osprey.Debug.Breakpoints;

namespace Osprey.Debug.Calls;

/// <summary>The wishes of a user for the calls that are traced.</summary>
public sealed record CallTraceOptions
{
    /// <summary>Tells whether arguments are read.</summary>
    public bool ReadsArguments { get; init; }

    /// <summary>Tells whether returns are followed, with results and durations.</summary>
    public bool FollowsReturns { get; init; }

    /// <summary>The most calls around each other that are traced; null for all.</summary>
    public int? MaxDepth { get; init; }

    /// <summary>The threads; null for all.</summary>
    public ThreadChoice? Thread { get; init; }

    /// <summary>An expression that must not be 0 at the call; null for none.</summary>
    public string? Condition { get; init; }

    /// <summary>Tells whether functions that the guest does not have yet are waited for.</summary>
    public bool Waits { get; init; }
}
