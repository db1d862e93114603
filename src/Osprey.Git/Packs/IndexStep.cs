using Osprey.Git.Objects;

namespace Osprey.Git.Packs;

/// <summary>A comparison of the binary search in an index.</summary>
/// <param name="Position">The position among the index's sorted names, from 0.</param>
/// <param name="Id">The name there.</param>
public readonly record struct IndexStep(long Position, ObjectId Id);
