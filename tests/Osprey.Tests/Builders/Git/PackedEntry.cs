using Osprey.Git.Objects;

namespace Osprey.Tests.Builders.Git;

/// <summary>An entry that a builder put into a pack.</summary>
/// <param name="Id">The name of the object that it makes.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Data">The object's bytes.</param>
internal sealed record PackedEntry(ObjectId Id, long Offset, byte[] Data);
