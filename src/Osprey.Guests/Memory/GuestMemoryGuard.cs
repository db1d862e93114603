namespace Osprey.Guests.Memory;

/// <summary>Bytes of a guest's memory that must have a value at the moment when others are written.</summary>
/// <param name="Address">Address of the first byte.</param>
/// <param name="Expected">The value.</param>
/// <param name="Otherwise">The reason not to write when they have another, as a sentence.</param>
public sealed record GuestMemoryGuard(ulong Address, ReadOnlyMemory<byte> Expected, string Otherwise);
