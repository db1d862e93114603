using Osprey.Target.Unwinding;

namespace Osprey.Session.Guests.Stacks;

/// <summary>The part of a thread's stack that is its program's.</summary>
/// <param name="Backtrace">The frames, and why there are no more.</param>
/// <param name="Rows">The frames with their names.</param>
public sealed record UserStack(Backtrace Backtrace, IReadOnlyList<BacktraceRow> Rows)
{
    /// <summary>True when a vCPU is in the program, so that these frames are the whole stack.</summary>
    public bool IsWhole { get; init; }
}
