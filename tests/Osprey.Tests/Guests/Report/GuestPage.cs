using Osprey.Target.Memory;

namespace Osprey.Tests.Guests.Report;

/// <summary>A page of 4 KiB of an address space, or of a larger one 4 KiB.</summary>
/// <param name="Space">Which address space.</param>
/// <param name="Address">Its first virtual address.</param>
/// <param name="Frame">The physical memory that is its; null when it has none.</param>
/// <param name="IsMapped">
/// Whether a walk of the page tables, as a CPU does it, ends at the frame. False without a frame, and for pages without
/// permission.
/// </param>
/// <param name="Flags">The frame's bits in /proc/kpageflags; those of age and reference are left out.</param>
internal sealed record GuestPage(int Space, ulong Address, PhysicalAddress? Frame, bool IsMapped, ulong Flags)
{
    /// <summary>The size of a page in bytes.</summary>
    public const ulong Size = 4096;

    /// <summary>Whether it is a part of a page of the hugetlb file system.</summary>
    public bool IsHugetlb => (Flags >> 17 & 1) != 0; // KPF_HUGE

    /// <summary>Whether it is a part of a transparent huge page.</summary>
    public bool IsTransparentHuge => (Flags >> 22 & 1) != 0; // KPF_THP
}
