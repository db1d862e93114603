namespace Osprey.Session.Guests.Sources;

/// <summary>
/// Finds the text of source files that debug info names: on disk, or in a git repository at one commit.
/// </summary>
public sealed class SourceLocator
{
    private const long MaxFileSize = 64 << 20;

    private readonly GitSources? _git;

    /// <param name="git">
    /// The repository, which is searched before the disk; null for the disk alone.
    /// </param>
    public SourceLocator(GitSources? git = null) => _git = git;

    /// <summary>The lines of a file.</summary>
    /// <param name="path">The path as debug info has it.</param>
    /// <returns>Null when it is nowhere.</returns>
    public SourceText? Find(string path)
    {
        if (_git?.Find(path) is { } text)
            return text;

        try
        {
            // Debug info may name anything, and devices and pipes, which have no length, never end.
            return new FileInfo(path) is { Exists: true, Length: > 0 and <= MaxFileSize }
                ? new SourceText(path, File.ReadAllLines(path))
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
