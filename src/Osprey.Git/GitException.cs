namespace Osprey.Git;

/// <summary>A question about a repository has no answer. Malformed files are a BadDataException instead.</summary>
/// <param name="problem">The reason.</param>
/// <param name="message">The event in words, without advice.</param>
public sealed class GitException(GitProblem problem, string message) : Exception(message)
{
    /// <summary>The reason.</summary>
    public GitProblem Problem { get; } = problem;
}
