namespace Osprey.Target.Memory;

/// <summary>The physical place of a virtual address.</summary>
/// <param name="Physical">Its physical address.</param>
/// <param name="PageSize">
/// Size in bytes of the page that holds it: a power of two, and physical memory is aligned to it.
/// </param>
public readonly record struct Translation(PhysicalAddress Physical, ulong PageSize);
