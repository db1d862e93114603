namespace Osprey.Session.Guests.Code;

/// <summary>Lines of a source file around one of them.</summary>
/// <param name="Path">The file as debug info names it.</param>
/// <param name="Origin">The place where its text was found; null when it was not.</param>
/// <param name="Line">The line that was asked for, from 1.</param>
/// <param name="FirstLine">The number of the first line shown.</param>
/// <param name="Lines">The lines; empty when the text was not found.</param>
public sealed record SourceExcerpt(string Path, string? Origin, int Line, int FirstLine, IReadOnlyList<string> Lines);
