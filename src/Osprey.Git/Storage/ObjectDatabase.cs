using Osprey.Binary;
using Osprey.Git.Objects;
using Osprey.Git.Packs;

namespace Osprey.Git.Storage;

/// <summary>All objects that a repository can reach: its own folder of objects, and those it borrows from.</summary>
internal sealed class ObjectDatabase : IDisposable
{
    private const int MaxDefects = 100;

    private readonly List<ObjectFolder> _folders = [];
    private readonly List<string> _defects = [];
    private readonly ObjectCache _cache;
    private readonly ObjectFormat _format;

    /// <param name="folder">The repository's own folder of objects.</param>
    /// <param name="format">The hash that names are.</param>
    /// <param name="limits">The limits.</param>
    public ObjectDatabase(string folder, ObjectFormat format, GitLimits limits)
    {
        _format = format;
        _cache = new ObjectCache(limits.MaxCacheSize);
        foreach (string path in Alternates.List(Path.GetFullPath(folder), limits, AddDefect))
            _folders.Add(new ObjectFolder(path, format, limits, AddDefect));
    }

    /// <summary>What could not be read, in words.</summary>
    public IReadOnlyList<string> Defects => _defects;

    /// <summary>Reads an object, and compares its bytes with its name; null when it is nowhere.</summary>
    /// <remarks>Of an object that is there more than once, the first copy that is right is taken.</remarks>
    /// <exception cref="BadDataException">The object is there, but no copy of it is right.</exception>
    public GitObject? TryRead(ObjectId id)
    {
        BadDataException? problem = null;
        foreach (ObjectSite site in Locate(id))
        {
            try
            {
                if (Read(site, id) is not { } item)
                    continue;

                if (problem is not null)
                    AddDefect($"{problem.Message}; another copy of {id} was read");

                return item;
            }
            catch (BadDataException exception)
            {
                problem ??= exception;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                string reason = FileProblem.DescribeWithoutPath(exception);
                problem ??= new BadDataException(GetPath(site, id), site.Offset, reason);
            }
        }

        return problem is null ? null : throw problem;
    }

    /// <summary>Tells how an object is found; null when it is nowhere.</summary>
    /// <exception cref="BadDataException">An index or an entry on the way is malformed.</exception>
    public ObjectTrace? Explain(ObjectId id)
    {
        var lookups = new List<IndexLookup>();
        foreach (ObjectSite site in Locate(id, lookups))
        {
            if (site.Pack is { } pack)
            {
                List<PackedPart> chain = [.. pack.Pack.ReadChain(site.Offset).Select(entry => Describe(pack, entry))];
                var place = new PackedPlace(pack.PackPath, site.Offset, chain);
                return new ObjectTrace(site.Folder.FolderPath, lookups, null, place);
            }

            string path = site.Folder.Loose.GetPath(id);
            if (new FileInfo(path) is { Exists: true } file)
                return new ObjectTrace(site.Folder.FolderPath, lookups, new LoosePlace(path, file.Length), null);
        }

        return null;
    }

    /// <summary>Finds the objects whose names begin with some digits.</summary>
    public IReadOnlyCollection<ObjectId> FindMatches(ObjectPrefix prefix)
    {
        var matches = new HashSet<ObjectId>();
        foreach (ObjectFolder folder in _folders)
            folder.AddMatches(prefix, matches);

        return matches;
    }

    public void Dispose()
    {
        foreach (ObjectFolder folder in _folders)
            folder.Dispose();
    }

    /// <summary>
    /// Gives the places where an object is or may be: packs, then files, then packs that were added meanwhile.
    /// </summary>
    private IEnumerable<ObjectSite> Locate(ObjectId id, List<IndexLookup>? lookups = null)
    {
        bool isListed = true;
        for (int attempt = 0; isListed && attempt < 2; attempt++)
        {
            foreach (ObjectFolder folder in _folders)
            {
                foreach (ObjectSite site in folder.Locate(id, lookups))
                    yield return site;
            }

            foreach (ObjectFolder folder in _folders)
                yield return new ObjectSite(folder, null, 0);

            isListed = false;
            foreach (ObjectFolder folder in _folders)
                isListed |= folder.Refresh();
        }
    }

    private GitObject? Read(ObjectSite site, ObjectId id)
    {
        (GitObjectType Type, byte[] Data)? value = site.Pack is { } pack
            ? pack.Pack.Read(site.Offset, _cache)
            : site.Folder.Loose.TryRead(id);
        if (value is not { } read)
            return null;

        ObjectId actual = _format.ComputeId(read.Type, read.Data);
        if (actual == id)
            return new GitObject(id, read.Type, read.Data);

        throw new BadDataException(GetPath(site, id), site.Offset, $"the object named {id} has the hash {actual}");
    }

    private static string GetPath(ObjectSite site, ObjectId id) => site.Pack?.PackPath ?? site.Folder.Loose.GetPath(id);

    private static PackedPart Describe(IndexedPack pack, PackEntry entry) =>
        new(
            entry.Offset,
            entry.Kind,
            File.Exists(pack.IndexPath) ? pack.FindEntryEnd(entry.Offset) - entry.Offset : null,
            entry.Size,
            pack.Pack.ReadResultSize(entry)
        );

    private void AddDefect(string defect)
    {
        if (_defects.Count < MaxDefects && !_defects.Contains(defect))
            _defects.Add(defect);
    }
}
