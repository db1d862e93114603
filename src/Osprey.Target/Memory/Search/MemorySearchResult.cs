namespace Osprey.Target.Memory.Search;

/// <summary>The result of a search of memory.</summary>
/// <param name="Matches">Where, lowest address first; matches may overlap.</param>
/// <param name="IsCutShort">Whether it stopped at the most matches asked for; there may be more.</param>
/// <param name="UnreadableBytes">Bytes that the guest has and that could not be searched.</param>
public sealed record MemorySearchResult(IReadOnlyList<PhysicalAddress> Matches, bool IsCutShort, ulong UnreadableBytes);
