namespace Osprey.Session.Guests.Sources;

/// <summary>Reasons of a <see cref="SourcesException"/>.</summary>
public enum SourcesProblem
{
    /// <summary>Another one than those below: the message says all there is to say.</summary>
    Other,

    /// <summary>The guest's version, or the text that was given, names no commit.</summary>
    NoCommitNamed,

    /// <summary>The repository does not have the commit.</summary>
    NoSuchCommit,
}
