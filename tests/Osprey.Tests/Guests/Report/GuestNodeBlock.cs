using Osprey.Target.Memory;

namespace Osprey.Tests.Guests.Report;

/// <summary>A block of physical memory of a NUMA node.</summary>
internal sealed record GuestNodeBlock(int Node, PhysicalAddress Start, ulong Size);
