namespace Osprey.Guests.Memory;

/// <summary>Free memory that is in one piece.</summary>
/// <param name="Address">Virtual address of its first byte.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Physical">Its physical address; null when not known.</param>
/// <param name="Order">
/// The binary logarithm, rounded down, of its size in pages: ranges of one order can serve the same requests.
/// </param>
public sealed record GuestFreeRange(ulong Address, ulong Size, ulong? Physical, int Order);
