using Osprey.Target.Memory;

namespace Osprey.Tests.Guests.Report;

/// <summary>A range of addresses that the kernel maps in one piece.</summary>
/// <param name="Address">Its first virtual address.</param>
/// <param name="Physical">Where that is in physical memory; null where the guest does not tell.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record GuestSegment(ulong Address, PhysicalAddress? Physical, ulong Size);
