using Osprey.Target.Execution;

namespace Osprey.Debug.Breakpoints;

/// <summary>The wishes of a user for a breakpoint.</summary>
/// <param name="Location">The place.</param>
public sealed record BreakpointSettings(BreakpointLocation Location)
{
    /// <summary>
    /// The means for code, or the access for <see cref="BreakpointLocation.Data"/>, where a kind for code means a
    /// write.
    /// </summary>
    public BreakpointKind Kind { get; init; }

    /// <summary>True to leave out the copies of a function that were inlined into others.</summary>
    public bool OnlyCompiled { get; init; }

    /// <summary>
    /// An expression that must not be 0 for a stop. It is computed in the frame where the guest stopped, so that it may
    /// name the function's parameters; null for none.
    /// </summary>
    public string? Condition { get; init; }

    /// <summary>
    /// The bytes that memory has at the place while the program is there that is meant: several programs may use one
    /// place at different times. Empty for any.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The thread that it is for; null for all.</summary>
    public ThreadChoice? Thread { get; init; }

    /// <summary>The vCPU that it is for, from 0; null for all.</summary>
    public int? Cpu { get; init; }

    /// <summary>The hits that count; null for all. Only hits with all of the above are counted.</summary>
    public HitCondition? Hit { get; init; }

    /// <summary>
    /// A text that is told at each hit instead of a stop, with expressions in braces; null to stop.
    /// </summary>
    public LogText? Log { get; init; }
}
