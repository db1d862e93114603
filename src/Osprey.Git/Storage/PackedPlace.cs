namespace Osprey.Git.Storage;

/// <summary>The place of an object in a pack.</summary>
/// <param name="PackPath">The pack's path.</param>
/// <param name="Offset">Offset of the object's entry.</param>
/// <param name="Chain">
/// The entries that make the object: deltas, each of the next one, and at the end one that is whole.
/// </param>
public sealed record PackedPlace(string PackPath, long Offset, IReadOnlyList<PackedPart> Chain);
