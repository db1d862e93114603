namespace Osprey.Target.Memory.Search;

/// <summary>The range and the limits of a search.</summary>
public sealed record MemorySearchOptions
{
    /// <summary>Physical address of the first byte to look at.</summary>
    public PhysicalAddress Start { get; init; }

    /// <summary>Physical address of the last byte that a match may start at.</summary>
    public PhysicalAddress Last { get; init; } = new(ulong.MaxValue);

    /// <summary>Most matches to find.</summary>
    public int MaxMatches { get; init; } = 10_000;
}
