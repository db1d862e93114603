using Osprey.Git.Packs;

namespace Osprey.Git.Storage;

/// <summary>An entry of a pack, as a part of an object.</summary>
/// <param name="Offset">Offset in the pack.</param>
/// <param name="Kind">The kind.</param>
/// <param name="PackedSize">Bytes that it takes in the pack, with its header; null without an index.</param>
/// <param name="Size">Size of its data in bytes, without compression: of the delta itself for deltas.</param>
/// <param name="ResultSize">Size of the object that it makes in bytes.</param>
public sealed record PackedPart(long Offset, PackEntryKind Kind, long? PackedSize, long Size, long ResultSize);
