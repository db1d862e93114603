namespace Osprey.Guests.Threads;

/// <summary>The threads of a guest.</summary>
/// <param name="Threads">The threads, by number.</param>
/// <param name="Defects">
/// The reasons why the list may lack threads, in words; empty when all that the system says it has are there.
/// </param>
/// <param name="Time">
/// The guest's time in nanoseconds since boot, as the latest that anything in its scheduler says; null when nothing
/// does.
/// </param>
public sealed record GuestThreadList(
    IReadOnlyList<GuestThreadState> Threads,
    IReadOnlyList<string> Defects,
    long? Time
);
