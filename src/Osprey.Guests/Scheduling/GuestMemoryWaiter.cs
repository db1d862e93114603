namespace Osprey.Guests.Scheduling;

/// <summary>A thread of a guest that waits for memory to become free.</summary>
/// <param name="Thread">Address of the object that the system keeps the thread in.</param>
/// <param name="Size">The number of bytes that it waits for.</param>
public sealed record GuestMemoryWaiter(ulong Thread, ulong Size);
