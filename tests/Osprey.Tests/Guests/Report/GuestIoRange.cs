using Osprey.Target.Memory;

namespace Osprey.Tests.Guests.Report;

/// <summary>A line of /proc/iomem.</summary>
/// <param name="Depth">How many ranges it lies within.</param>
/// <param name="Start">Its first byte.</param>
/// <param name="Last">Its last byte.</param>
/// <param name="Name">What the kernel calls it, such as "System RAM".</param>
internal sealed record GuestIoRange(int Depth, PhysicalAddress Start, PhysicalAddress Last, string Name);
