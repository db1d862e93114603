namespace Osprey.Git.References;

/// <summary>A reference that was read on the way to an object.</summary>
/// <param name="Name">Its name, such as "refs/heads/main".</param>
/// <param name="Path">The file that has it.</param>
public sealed record ReferenceStep(string Name, string Path);
