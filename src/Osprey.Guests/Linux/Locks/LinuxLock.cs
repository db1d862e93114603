namespace Osprey.Guests.Linux.Locks;

/// <summary>A lock of the kernel that tasks wait for.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Owner">Address of the task that holds it; null when none does, or it is not kept.</param>
/// <param name="Readers">
/// The number of readers that hold it; null when a writer or none does, or it is not kept.
/// </param>
internal sealed record LinuxLock(ulong Address, ulong? Owner, ulong? Readers);
