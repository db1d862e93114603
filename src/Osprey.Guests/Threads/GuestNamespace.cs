namespace Osprey.Guests.Threads;

/// <summary>A namespace that a thread is in.</summary>
/// <param name="Kind">Its kind in the system's word, such as "net".</param>
/// <param name="Number">The number that the system tells it from others by.</param>
public readonly record struct GuestNamespace(string Kind, ulong Number);
