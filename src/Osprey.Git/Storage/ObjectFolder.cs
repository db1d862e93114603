using Osprey.Binary;
using Osprey.Git.Objects;
using Osprey.Git.Packs;

namespace Osprey.Git.Storage;

/// <summary>A folder of objects: files, packs, and an index over several packs.</summary>
internal sealed class ObjectFolder : IDisposable
{
    private readonly ObjectFormat _format;
    private readonly GitLimits _limits;
    private readonly Action<string> _addDefect;
    private readonly List<IndexedPack> _packs = [];
    private MultiPackIndex? _multiPackIndex;
    private List<IndexedPack> _packsOfMultiPackIndex = [];
    private DateTime? _listed;

    /// <param name="path">The folder, such as <c>.git/objects</c>.</param>
    /// <param name="format">The hash that names are.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="addDefect">Is told of what can't be read, in words.</param>
    public ObjectFolder(string path, ObjectFormat format, GitLimits limits, Action<string> addDefect)
    {
        FolderPath = path;
        _format = format;
        _limits = limits;
        _addDefect = addDefect;
        Loose = new LooseObjects(path, format, limits);
    }

    /// <summary>The folder's path.</summary>
    public string FolderPath { get; }

    /// <summary>The objects that have a file each.</summary>
    public LooseObjects Loose { get; }

    private string PackFolder => Path.Combine(FolderPath, "pack");

    /// <summary>Looks for an object in the packs.</summary>
    /// <param name="id">The object's name.</param>
    /// <param name="lookups">Gets the searches through indexes; null when nobody asks.</param>
    /// <returns>The places, made while they are enumerated.</returns>
    public IEnumerable<ObjectSite> Locate(ObjectId id, List<IndexLookup>? lookups = null)
    {
        ListPacks();
        if (_multiPackIndex is { } multi)
        {
            (IndexedPack Pack, long Offset)? place = FindInMultiPackIndex(multi, id, lookups);
            if (place is { } found)
                yield return new ObjectSite(this, found.Pack, found.Offset);
        }

        // A list of its own: a pack that turns out to be unusable is taken out meanwhile.
        foreach (IndexedPack pack in _packs.ToArray())
        {
            if (FindInPack(pack, id, lookups) is { } offset)
            {
                // Objects that belong together tend to be in one pack: it is asked first from now on.
                if (_packs.Count > 1 && _packs.Remove(pack))
                    _packs.Insert(0, pack);

                yield return new ObjectSite(this, pack, offset);
            }
        }
    }

    /// <summary>Adds the objects whose names begin with some digits.</summary>
    public void AddMatches(ObjectPrefix prefix, ISet<ObjectId> matches)
    {
        ListPacks();
        _multiPackIndex?.Names.AddMatches(prefix, matches, _limits);
        foreach (IndexedPack pack in _packs.ToArray())
            Try(pack, () => pack.Index.Names.AddMatches(prefix, matches, _limits));

        Loose.AddMatches(prefix, matches);
    }

    /// <summary>Lists the packs anew if their folder has changed.</summary>
    /// <returns>True when it has.</returns>
    public bool Refresh()
    {
        if (_listed is null || ReadTime() == _listed)
            return false;

        // Packs that were opened stay so: what was read out of them may be in use.
        _listed = null;
        return true;
    }

    public void Dispose()
    {
        _multiPackIndex?.Dispose();
        foreach (IndexedPack pack in _packs.Concat(_packsOfMultiPackIndex))
            pack.Dispose();
    }

    private DateTime ReadTime() => Directory.GetLastWriteTimeUtc(PackFolder);

    private void ListPacks()
    {
        if (_listed is not null)
            return;

        _listed = ReadTime();
        if (!Directory.Exists(PackFolder))
            return;

        if (_multiPackIndex is null)
            OpenMultiPackIndex();

        var known = new HashSet<string>();
        foreach (IndexedPack pack in _packs)
            known.Add(pack.IndexPath);

        foreach (IndexedPack pack in _packsOfMultiPackIndex)
            known.Add(pack.IndexPath);

        List<FileInfo> files = [];
        foreach (FileInfo file in new DirectoryInfo(PackFolder).EnumerateFiles("*.idx"))
        {
            if (known.Contains(file.FullName))
                continue;

            if (files.Count == _limits.MaxPacks)
            {
                _addDefect($"{PackFolder}: more than {_limits.MaxPacks} packs; the others are not read");
                break;
            }

            files.Add(file);
        }

        // No queries here: .NET looks up generic methods for them, which takes longer than the rest of this.
        files.Sort(CompareByAge);
        foreach (FileInfo file in files)
            _packs.Add(new IndexedPack(file.FullName, _format, _limits));
    }

    /// <summary>The newest comes first: what is asked for was most likely fetched lately.</summary>
    private static int CompareByAge(FileInfo a, FileInfo b) =>
        a.LastWriteTimeUtc == b.LastWriteTimeUtc
            ? string.CompareOrdinal(a.Name, b.Name)
            : b.LastWriteTimeUtc.CompareTo(a.LastWriteTimeUtc);

    private void OpenMultiPackIndex()
    {
        string path = Path.Combine(PackFolder, "multi-pack-index");
        if (!File.Exists(path))
            return;

        try
        {
            _multiPackIndex = new MultiPackIndex(ByteSource.OpenFile(path), _format, _limits);
            _packsOfMultiPackIndex =
            [
                .. _multiPackIndex.Packs.Select(name => new IndexedPack(
                    Path.GetFullPath(Path.Combine(PackFolder, name)),
                    _format,
                    _limits
                )),
            ];
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            // Nothing is lost: each pack has an index of its own.
            _addDefect($"{Describe(exception)}; the index of each pack is read instead");
        }
    }

    private (IndexedPack Pack, long Offset)? FindInMultiPackIndex(
        MultiPackIndex multi,
        ObjectId id,
        List<IndexLookup>? lookups
    )
    {
        try
        {
            lookups?.Add(multi.Names.Explain(id, "multi-pack index"));
            if (multi.Names.Find(id) is not { } position)
                return null;

            (int pack, long offset) = multi.GetPlace(position);
            return (_packsOfMultiPackIndex[pack], offset);
        }
        catch (BadDataException exception)
        {
            _addDefect(exception.Message);
            return null;
        }
    }

    private long? FindInPack(IndexedPack pack, ObjectId id, List<IndexLookup>? lookups)
    {
        long? offset = null;
        Try(
            pack,
            () =>
            {
                lookups?.Add(pack.Index.Names.Explain(id, pack.Index.Kind));
                offset = pack.FindOffset(id);
            }
        );
        return offset;
    }

    /// <summary>Uses a pack's index; one that can't be read is a defect, and not asked again.</summary>
    private void Try(IndexedPack pack, Action use)
    {
        try
        {
            use();
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            _packs.Remove(pack);
            _addDefect($"{Describe(exception)}; this pack is not read");
        }
    }

    private static bool IsOfFile(Exception exception) =>
        exception is BadDataException or IOException or UnauthorizedAccessException;

    private static string Describe(Exception exception) =>
        exception is BadDataException ? exception.Message : FileProblem.Describe(exception);
}
