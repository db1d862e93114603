namespace Osprey.Target.Memory;

/// <summary>Where a virtual address lies.</summary>
/// <param name="Physical">Its physical address.</param>
/// <param name="PageSize">
/// Size in bytes of the page that holds it: a power of two, and physical memory is aligned to it.
/// </param>
public readonly record struct Translation(PhysicalAddress Physical, ulong PageSize);
