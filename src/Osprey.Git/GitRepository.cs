using Osprey.Binary;
using Osprey.Git.Objects;
using Osprey.Git.References;
using Osprey.Git.Revisions;
using Osprey.Git.Storage;

namespace Osprey.Git;

/// <summary>A git repository, read without git: objects, references, names of revisions.</summary>
/// <remarks>
/// <para>
/// Files are mapped and read where they are asked for; nothing is written, run or locked. An object that is returned
/// was compared with its name. A part that can't be read, such as a damaged index, is passed over where other parts
/// can do without it, and is among the <see cref="Defects"/>.
/// </para>
/// <para>To be used by one thread at a time.</para>
/// </remarks>
public sealed class GitRepository : IDisposable
{
    private readonly RepositoryFolders _folders;
    private readonly ObjectDatabase _objects;
    private readonly RevisionResolver _resolver;

    private GitRepository(string path, RepositoryFolders folders, RepositoryConfiguration config, GitLimits limits)
    {
        Path = path;
        _folders = folders;
        Format = config.Format;
        _objects = new ObjectDatabase(System.IO.Path.Combine(folders.CommonFolder, "objects"), Format, limits);
        References =
            config.ReferenceFormat == "files"
                ? new ReferenceStore(folders.Folder, folders.CommonFolder, Format, limits)
                : null;
        _resolver = new RevisionResolver(this, _objects, limits);
    }

    /// <summary>The folder that the repository was found by, as it was given.</summary>
    public string Path { get; }

    /// <summary>The hash that objects are named by.</summary>
    public ObjectFormat Format { get; }

    /// <summary>What could not be read so far and was passed over, in words.</summary>
    public IReadOnlyList<string> Defects => _objects.Defects;

    /// <summary>The references; null when they are stored in a way that is not supported (reftable).</summary>
    internal ReferenceStore? References { get; }

    /// <summary>Opens the repository that a folder is, or is in.</summary>
    /// <param name="path">A work tree, a folder in one, a <c>.git</c> folder or file, or a bare repository.</param>
    /// <param name="limits">The limits; null for the default ones.</param>
    /// <exception cref="GitException">There is none, or it has a format that is not known.</exception>
    /// <exception cref="BadDataException">A file that says where the repository is, is malformed.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static GitRepository Open(string path, GitLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        limits ??= GitLimits.Default;
        RepositoryFolders folders = RepositoryFolders.Find(path, limits);
        string config = System.IO.Path.Combine(folders.CommonFolder, "config");
        RepositoryConfiguration configuration = File.Exists(config)
            ? RepositoryConfiguration.Parse(TextFile.Read(config, limits), config)
            : RepositoryConfiguration.Default;
        return new GitRepository(path, folders, configuration, limits);
    }

    /// <summary>Finds the object that an expression names.</summary>
    /// <param name="expression">
    /// A name, an abbreviation of 4 digits or more, a reference or a name that <c>git describe</c> wrote, with any
    /// number of <c>~N</c>, <c>^N</c> and <c>^{TYPE}</c> behind it, and then <c>:PATH</c>.
    /// </param>
    /// <exception cref="GitException">There is no such object, or more than one.</exception>
    /// <exception cref="BadDataException">A file or object on the way is malformed.</exception>
    public Revision Resolve(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return _resolver.Resolve(expression);
    }

    /// <summary>Reads an object; null when the repository does not have it.</summary>
    /// <exception cref="BadDataException">It has it, but damaged.</exception>
    public GitObject? FindObject(ObjectId id) => _objects.TryRead(id);

    /// <summary>Reads an object.</summary>
    /// <exception cref="GitException">The repository does not have it.</exception>
    /// <exception cref="BadDataException">It has it, but damaged.</exception>
    public GitObject ReadObject(ObjectId id) =>
        FindObject(id)
        ?? throw new GitException(GitProblem.NotFound, $"{Path}: there is no object {id} in this repository");

    /// <summary>Reads the entries of a tree, in its order.</summary>
    /// <exception cref="GitException">The repository does not have it, or it is no tree.</exception>
    /// <exception cref="BadDataException">The tree is malformed.</exception>
    public IReadOnlyList<TreeEntry> ReadTree(ObjectId id) =>
        TreeReader.Read(_resolver.Peel(id, GitObjectType.Tree, id.ToString(), out _), Format);

    /// <summary>Tells how an object is found; null when the repository does not have it.</summary>
    /// <exception cref="BadDataException">An index or an entry on the way is malformed.</exception>
    public ObjectTrace? Explain(ObjectId id) => _objects.Explain(id);

    /// <summary>Shortens a path to one within the repository's folder, where it is in there.</summary>
    public string Shorten(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        foreach (string folder in new[] { _folders.Folder, _folders.CommonFolder })
        {
            if (path.StartsWith(folder + "/", StringComparison.Ordinal))
                return path[(folder.Length + 1)..];
        }

        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => _objects.Dispose();
}
