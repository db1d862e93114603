using Osprey.Git.Objects;

namespace Osprey.Git.Revisions;

/// <summary>The object that an expression names.</summary>
/// <param name="Id">The object.</param>
/// <param name="Steps">The way to it.</param>
/// <param name="Entry">The entry of a tree, where the expression ends with a path; null otherwise.</param>
public sealed record Revision(ObjectId Id, IReadOnlyList<RevisionStep> Steps, TreeEntry? Entry);
