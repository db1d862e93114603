namespace Osprey.Guests.Memory;

/// <summary>Something that an address of a guest belongs to.</summary>
/// <param name="Kind">The kind of thing.</param>
/// <param name="Description">It in words.</param>
/// <param name="Start">Its first address; null when not known.</param>
/// <param name="Size">Its size in bytes; null when not known.</param>
public sealed record GuestPlace(GuestPlaceKind Kind, string Description, ulong? Start = null, ulong? Size = null);
