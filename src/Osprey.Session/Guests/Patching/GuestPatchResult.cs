namespace Osprey.Session.Guests.Patching;

/// <summary>What was written to a guest's memory, and how.</summary>
/// <param name="Way">The way by which it was written, in words, such as "gdb stub localhost:1234".</param>
/// <param name="PausedFor">The time that the vCPUs stood still for it; zero for a guest that was found paused.</param>
public sealed record GuestPatchResult(string Way, TimeSpan PausedFor);
