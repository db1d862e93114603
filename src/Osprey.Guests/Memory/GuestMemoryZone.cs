namespace Osprey.Guests.Memory;

/// <summary>A zone of a guest's memory: pages that are alike for their users. All sizes are in bytes.</summary>
/// <param name="Node">The number of the node of memory that it is of.</param>
/// <param name="Name">Its name: "DMA32".</param>
public sealed record GuestMemoryZone(ulong Node, string Name)
{
    /// <summary>Address of the kernel's structure of it.</summary>
    public ulong Address { get; init; }

    /// <summary>The size of its free pages.</summary>
    public ulong Free { get; init; }

    /// <summary>Below this, only what the kernel can't do without gets pages.</summary>
    public ulong Min { get; init; }

    /// <summary>Below this, the kernel begins to free pages in the background.</summary>
    public ulong Low { get; init; }

    /// <summary>At this, the kernel stops to.</summary>
    public ulong High { get; init; }

    /// <summary>The size of all that it reaches over, holes included.</summary>
    public ulong Spanned { get; init; }

    /// <summary>The size of the memory that is there.</summary>
    public ulong Present { get; init; }

    /// <summary>The size of the memory that its pages are given out of.</summary>
    public ulong Managed { get; init; }
}
