using Osprey.Git.Packs;

namespace Osprey.Git.Storage;

/// <summary>The way to an object: where it was looked for, and where it lies.</summary>
/// <param name="Folder">The folder of objects that has it: the repository's own, or an alternate.</param>
/// <param name="Lookups">The searches through indexes, in order; the last one found it if it is in a pack.</param>
/// <param name="Loose">Its file; null when it is in a pack.</param>
/// <param name="Packed">Its place in a pack; null when it has a file.</param>
public sealed record ObjectTrace(
    string Folder,
    IReadOnlyList<IndexLookup> Lookups,
    LoosePlace? Loose,
    PackedPlace? Packed
);
