using System.Text;
using Osprey.Binary;
using Osprey.Git;
using Osprey.Git.Objects;
using Osprey.Git.Revisions;

namespace Osprey.Session.Guests.Sources;

/// <summary>
/// Source files out of a git repository at the commit that a guest was built from, without a checkout and without git.
/// </summary>
/// <remarks>May be asked by several threads.</remarks>
public sealed class GitSources : IDisposable
{
    private const int MaxFileSize = 64 << 20;
    private const int MaxPathLength = 4096;
    private const int MaxFolders = 20_000;
    private const int OriginDigits = 12;

    private readonly Lock _lock = new();
    private readonly GitRepository _repository;
    private readonly ObjectId _commit;
    private readonly Dictionary<ObjectId, Dictionary<string, TreeEntry>> _folders = [];

    private GitSources(GitRepository repository, ObjectId commit)
    {
        _repository = repository;
        _commit = commit;
        Commit = commit.ToString();
    }

    /// <summary>The commit's whole name.</summary>
    public string Commit { get; }

    /// <summary>
    /// Opens a repository at the commit that a version names, as <c>git describe</c> writes it, or at a tag or other
    /// revision.
    /// </summary>
    /// <param name="repository">The repository's folder, with or without a work tree.</param>
    /// <param name="version">Such as "v0.57.0-398-g0e34e4dc".</param>
    /// <exception cref="SourcesException">
    /// The folder is no repository or can't be read, or the commit is not in it.
    /// </exception>
    public static GitSources Open(string repository, string version)
    {
        // "-398-g0e34e4dc" counts for more than a tag of that name, and "-dirty" says that the commit is not all of it.
        string revision = DescribedName.FindCommit(version) ?? version;
        if (revision.Length == 0 || revision.StartsWith('-'))
            throw new SourcesException(SourcesProblem.NoCommitNamed, $"'{version}' names no commit", repository);

        GitRepository? opened = null;
        try
        {
            opened = GitRepository.Open(repository);
            return new GitSources(opened, opened.Resolve(revision + "^{commit}").Id);
        }
        catch (Exception exception) when (IsOfRepository(exception))
        {
            opened?.Dispose();
            if (exception is GitException { Problem: GitProblem.NotFound or GitProblem.OtherType })
                throw new SourcesException(
                    SourcesProblem.NoSuchCommit,
                    $"{repository}: there is no commit {revision} (of the guest's version {version}) "
                        + "in this repository",
                    repository,
                    exception
                );

            throw Wrap(exception, repository);
        }
    }

    /// <summary>
    /// The file that a path of the build machine means: the longest end of the path that is one in the commit.
    /// </summary>
    /// <returns>Null when no end of it is.</returns>
    /// <exception cref="SourcesException">The repository is damaged, or lacks a part of the commit.</exception>
    public SourceText? Find(string path)
    {
        string clean = string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        lock (_lock)
        {
            try
            {
                return FindEnd(clean);
            }
            catch (Exception exception) when (IsOfRepository(exception))
            {
                throw Wrap(exception, _repository.Path);
            }
        }
    }

    /// <summary>Closes the repository's files.</summary>
    public void Dispose() => _repository.Dispose();

    private SourceText? FindEnd(string path)
    {
        Dictionary<string, TreeEntry> root = ReadFolder(_commit);
        Dictionary<string, TreeEntry>.AlternateLookup<ReadOnlySpan<char>> names = root.GetAlternateLookup<
            ReadOnlySpan<char>
        >();
        int start = 0;
        do
        {
            // However long a path is that debug info has: only ends whose first folder the commit has are looked for.
            int slash = path.IndexOf('/', start);
            ReadOnlySpan<char> first = slash < 0 ? path.AsSpan(start) : path.AsSpan(start, slash - start);
            if (
                path.Length - start <= MaxPathLength
                && names.TryGetValue(first, out TreeEntry? entry)
                && Read(entry, path[start..]) is { } text
            )
                return text;

            start = slash + 1;
        } while (start > 0);

        return null;
    }

    /// <summary>A file of the commit; null when it has none of that path.</summary>
    /// <param name="entry">The path's first name.</param>
    /// <param name="path">The path.</param>
    private SourceText? Read(TreeEntry entry, string path)
    {
        foreach (string name in path.Split('/').Skip(1))
        {
            if (!entry.IsFolder || !ReadFolder(entry.Id).TryGetValue(name, out TreeEntry? inner))
                return null;

            entry = inner;
        }

        if (!entry.IsFile)
            return null;

        GitObject file = _repository.ReadObject(entry.Id);
        return file.Data.Length <= MaxFileSize
            ? new SourceText(
                $"{Commit[..OriginDigits]}:{path}",
                Encoding.UTF8.GetString(file.Data.Span).TrimEnd('\n').Split('\n')
            )
            : null;
    }

    private Dictionary<string, TreeEntry> ReadFolder(ObjectId id)
    {
        if (_folders.TryGetValue(id, out Dictionary<string, TreeEntry>? known))
            return known;

        if (_folders.Count == MaxFolders)
            _folders.Clear();

        var entries = new Dictionary<string, TreeEntry>(StringComparer.Ordinal);
        foreach (TreeEntry entry in _repository.ReadTree(id))
            entries.TryAdd(entry.Name, entry);

        _folders.Add(id, entries);
        return entries;
    }

    private static bool IsOfRepository(Exception exception) =>
        exception is GitException or BadDataException or IOException or UnauthorizedAccessException;

    private static SourcesException Wrap(Exception exception, string repository) =>
        new(
            SourcesProblem.Other,
            exception is IOException or UnauthorizedAccessException
                ? FileProblem.Describe(exception)
                : exception.Message,
            repository,
            exception
        );
}
