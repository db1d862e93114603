using Osprey.Git.Packs;

namespace Osprey.Git.Storage;

/// <summary>A place that an object was found at: a pack and an offset in it, or a file of its own.</summary>
/// <param name="Folder">The folder of objects.</param>
/// <param name="Pack">The pack; null for a file of its own.</param>
/// <param name="Offset">The offset in the pack.</param>
internal readonly record struct ObjectSite(ObjectFolder Folder, IndexedPack? Pack, long Offset);
