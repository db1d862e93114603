namespace Osprey.Session.Guests.Sources;

/// <summary>A source file.</summary>
/// <param name="Origin">The place where it was found: a path, or a commit and a path in it.</param>
/// <param name="Lines">Its lines, the first is line 1.</param>
public sealed record SourceText(string Origin, IReadOnlyList<string> Lines);
