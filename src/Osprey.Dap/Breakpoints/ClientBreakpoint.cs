using Osprey.Debug.Breakpoints;
using Osprey.Symbols;

namespace Osprey.Dap.Breakpoints;

/// <summary>A breakpoint of the client, and what became of it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Reason">The word that a stop at it is told by.</param>
/// <param name="Wish">The client's own words, by which it is known again when the client sets all anew.</param>
/// <param name="Taken">The breakpoint in the guest; null when it could not be set.</param>
/// <param name="Problem">The reason why it could not be set; null when it was.</param>
internal sealed record ClientBreakpoint(
    int Id,
    string Reason,
    object Wish,
    DebugBreakpoint? Taken,
    string? Problem = null
)
{
    /// <summary>Tells whether it is in the guest.</summary>
    public bool IsVerified => Taken is { IsPending: false };

    /// <summary>The first of its places; null when it has none.</summary>
    public CodePlace? Place => Taken is { Places: [var first, ..] } ? first : null;

    /// <summary>The reason why it is not in the guest; null when it is.</summary>
    public string? Message => Problem ?? (IsVerified ? null : Taken?.Problem);
}
