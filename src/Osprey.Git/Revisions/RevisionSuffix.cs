namespace Osprey.Git.Revisions;

/// <summary>A suffix of an expression.</summary>
/// <param name="Text">The suffix as it is written.</param>
/// <param name="Type">The type of <c>^{TYPE}</c>, empty for <c>^{}</c>; null for <c>~N</c> and <c>^N</c>.</param>
/// <param name="Generations">The number of times to go to a parent.</param>
/// <param name="Parent">The parent's number, from 1; 0 for the commit itself.</param>
internal sealed record RevisionSuffix(string Text, string? Type, int Generations, int Parent);
