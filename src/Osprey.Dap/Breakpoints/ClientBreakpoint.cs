using Osprey.Target.Execution;

namespace Osprey.Dap.Breakpoints;

/// <summary>A breakpoint of the client, and what of it is in the guest.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Reason">The word that a stop at it is told by.</param>
/// <param name="Places">The breakpoints in the guest; none when it could not be set.</param>
/// <param name="Problem">The reason why it could not be set; null when it was.</param>
internal sealed record ClientBreakpoint(
    int Id,
    string Reason,
    IReadOnlyList<Breakpoint> Places,
    string? Problem = null
)
{
    /// <summary>The line that was taken; null for other kinds.</summary>
    public int? Line { get; init; }
}
