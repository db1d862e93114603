using Osprey.Git.Objects;

namespace Osprey.Git.References;

/// <summary>The object that a reference points to.</summary>
/// <param name="Id">The object.</param>
/// <param name="Steps">The reference, and those that it points to where it is symbolic, as HEAD is.</param>
public sealed record ResolvedReference(ObjectId Id, IReadOnlyList<ReferenceStep> Steps);
