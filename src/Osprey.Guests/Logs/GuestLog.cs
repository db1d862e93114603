namespace Osprey.Guests.Logs;

/// <summary>The messages that a kernel keeps.</summary>
/// <param name="Lines">The lines, the oldest first; the first one may have lost its start.</param>
/// <param name="IsCut">True when older ones were written over.</param>
/// <param name="Scope">A sentence about what is kept and what is not.</param>
public sealed record GuestLog(IReadOnlyList<string> Lines, bool IsCut, string Scope)
{
    /// <summary>
    /// The messages with their times and levels, the oldest first; null where the system keeps lines alone.
    /// </summary>
    public IReadOnlyList<GuestLogRecord>? Records { get; init; }

    /// <summary>The reasons why messages may be missing, in words.</summary>
    public IReadOnlyList<string> Defects { get; init; } = [];
}
