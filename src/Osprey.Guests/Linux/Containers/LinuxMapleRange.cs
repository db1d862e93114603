namespace Osprey.Guests.Linux.Containers;

/// <summary>A range of a maple tree and what is stored for it.</summary>
/// <param name="First">The lowest number of the range.</param>
/// <param name="Last">The highest, itself in the range.</param>
/// <param name="Entry">What is stored, mostly a pointer.</param>
internal readonly record struct LinuxMapleRange(ulong First, ulong Last, ulong Entry);
