namespace Osprey.Guests.Memory;

/// <summary>A range of virtual memory that leads to physical memory at one distance.</summary>
/// <param name="Start">Its first virtual address.</param>
/// <param name="Physical">The physical address that this leads to.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Name">The kernel's name for it.</param>
/// <param name="Kind">The kind of memory: "normal" or "device".</param>
public sealed record GuestLinearMap(ulong Start, ulong Physical, ulong Size, string Name, string Kind);
