namespace Osprey.Git.Storage;

/// <summary>A file that has one object.</summary>
/// <param name="Path">The file's path.</param>
/// <param name="FileSize">Its size in bytes, compressed.</param>
public sealed record LoosePlace(string Path, long FileSize);
