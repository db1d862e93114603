using Osprey.Git.Objects;

namespace Osprey.Git.Revisions;

/// <summary>A step from an expression to its object.</summary>
/// <param name="Expression">The part of the expression up to here, such as "HEAD~2".</param>
/// <param name="How">What was done, such as "the first parent, 2 times".</param>
/// <param name="Id">The object that it led to.</param>
public sealed record RevisionStep(string Expression, string How, ObjectId Id);
