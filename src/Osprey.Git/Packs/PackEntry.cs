using Osprey.Git.Objects;

namespace Osprey.Git.Packs;

/// <summary>The header of an entry in a pack.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Offset">Offset of the entry in the pack.</param>
/// <param name="DataOffset">Offset of its compressed data.</param>
/// <param name="Size">Size of its data in bytes, without compression: of the delta itself for deltas.</param>
/// <param name="BaseOffset">Offset of the entry that it is a delta of; null for no delta.</param>
/// <param name="BaseId">The object that it is a delta of, where the entry names it; null otherwise.</param>
internal readonly record struct PackEntry(
    PackEntryKind Kind,
    long Offset,
    long DataOffset,
    long Size,
    long? BaseOffset,
    ObjectId? BaseId
);
