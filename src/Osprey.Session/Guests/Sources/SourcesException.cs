namespace Osprey.Session.Guests.Sources;

/// <summary>Source files can't be read out of a git repository.</summary>
/// <param name="problem">The reason.</param>
/// <param name="message">The event, without advice: front ends have their own.</param>
/// <param name="repository">The repository's folder.</param>
/// <param name="inner">The exception that led to it; null when there is none.</param>
public sealed class SourcesException(SourcesProblem problem, string message, string repository, Exception? inner = null)
    : IOException(message, inner)
{
    /// <summary>The reason.</summary>
    public SourcesProblem Problem { get; } = problem;

    /// <summary>The repository's folder.</summary>
    public string Repository { get; } = repository;
}
