namespace Osprey.Guests.Memory;

/// <summary>A cache of a guest's kernel that gives out objects of one size, out of slabs of pages.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Address of the kernel's structure of it.</param>
public sealed record GuestSlabCache(string Name, ulong Address)
{
    /// <summary>The size of an object as its users see it, in bytes; null when not known.</summary>
    public ulong? ObjectSize { get; init; }

    /// <summary>The bytes that an object takes in a slab.</summary>
    public ulong Size { get; init; }

    /// <summary>The number of objects in a slab of the usual size.</summary>
    public ulong ObjectsPerSlab { get; init; }

    /// <summary>The number of pages of a slab of the usual size.</summary>
    public ulong PagesPerSlab { get; init; }

    /// <summary>The number of objects that its slabs have room for; null when the kernel does not count them.</summary>
    public ulong? Objects { get; init; }

    /// <summary>
    /// The number of objects that are given out. Those that wait in the CPUs' own slabs count as given out, as the
    /// kernel counts them. Null when it can't be known.
    /// </summary>
    public ulong? Active { get; init; }

    /// <summary>The number of its slabs; null when the kernel does not count them.</summary>
    public ulong? Slabs { get; init; }

    /// <summary>The memory that its slabs take in bytes; null when it is not known.</summary>
    public ulong? Memory => unchecked(Slabs * PagesPerSlab * 4096);
}
