namespace Osprey.Guests.Memory;

/// <summary>A part of a guest's memory.</summary>
/// <param name="Name">Its name, one word for all guests of the system: "total", "free".</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Description">Its meaning in words.</param>
public sealed record GuestMemoryPart(string Name, ulong Size, string Description);
