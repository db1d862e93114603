namespace Osprey.Target.Architectures.X64;

/// <summary>Options for the map of an address space.</summary>
public sealed record PageTableMapOptions
{
    /// <summary>
    /// Tells whether a range ends where its pages no longer follow each other physically or change in size.
    /// </summary>
    public bool SplitWherePhysicalChanges { get; init; } = true;

    /// <summary>First address of interest.</summary>
    public ulong Start { get; init; }

    /// <summary>Last address of interest.</summary>
    public ulong Last { get; init; } = ulong.MaxValue;

    /// <summary>
    /// Most tables to look at, one looked at in two places counting twice. Tables that name themselves make a map of
    /// 2^36 pages, so there must be an end. The default does for 256 GiB in pages of 4 KiB, and for 128 TiB in pages of
    /// 2 MiB.
    /// </summary>
    public int MaxTables { get; init; } = 1 << 17;

    /// <summary>
    /// Most ranges to give. The tables that are looked at by default hold 2^26 entries, and each may be a range.
    /// </summary>
    public int MaxRanges { get; init; } = 1 << 22;
}
