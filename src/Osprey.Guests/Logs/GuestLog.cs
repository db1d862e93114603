namespace Osprey.Guests.Logs;

/// <summary>The messages that a kernel keeps.</summary>
/// <param name="Lines">The lines, the oldest first; the first one may have lost its start.</param>
/// <param name="IsCut">True when older ones were written over.</param>
/// <param name="Scope">A sentence about what is kept and what is not.</param>
public sealed record GuestLog(IReadOnlyList<string> Lines, bool IsCut, string Scope);
