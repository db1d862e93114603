namespace Osprey.Guests.Memory;

/// <summary>A variable of one byte by which a kernel turns something on and off.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Address">Its address.</param>
/// <param name="IsOn">Its state now.</param>
public sealed record GuestSwitch(string Name, ulong Address, bool IsOn);
