namespace Osprey.Guests.Threads;

/// <summary>A timer of a guest's thread.</summary>
/// <param name="Time">The time that it ends at, in nanoseconds since boot.</param>
/// <param name="IsExpired">True when it ended already.</param>
public sealed record GuestTimer(long Time, bool IsExpired);
