namespace Osprey.Guests.Interrupts;

/// <summary>A handler of an interrupt of a guest.</summary>
/// <param name="Device">The name of the device that it is for.</param>
/// <param name="Function">Address of the function.</param>
public sealed record GuestInterruptHandler(string Device, ulong Function);
