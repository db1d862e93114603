using Osprey.Debug.Breakpoints;
using Osprey.Target.Execution;

namespace Osprey.Debug;

/// <summary>A stop of the guest that a user is told of.</summary>
/// <param name="Thread">The thread that it is about.</param>
/// <param name="Reason">Why.</param>
/// <param name="Watch">For a watchpoint, the watchpoint and the address that was touched; null otherwise.</param>
public sealed record DebugStop(
    DebugThread Thread,
    StopReason Reason,
    (BreakpointKind Kind, ulong Address)? Watch = null
)
{
    /// <summary>The breakpoint that was hit; null when it is none of the session's own.</summary>
    public DebugBreakpoint? Breakpoint { get; init; }

    /// <summary>The reason why the breakpoint's condition could not be computed; null when there is none.</summary>
    public string? Problem { get; init; }
}
