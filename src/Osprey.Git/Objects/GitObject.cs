namespace Osprey.Git.Objects;

/// <summary>An object, whole. Its bytes were compared with its name.</summary>
/// <param name="Id">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="Data">The bytes, without the header that the hash includes.</param>
public sealed record GitObject(ObjectId Id, GitObjectType Type, ReadOnlyMemory<byte> Data);
