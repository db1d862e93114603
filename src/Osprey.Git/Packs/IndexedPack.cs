using Osprey.Binary;
using Osprey.Git.Objects;

namespace Osprey.Git.Packs;

/// <summary>A pack and its index, each opened when it is first needed.</summary>
internal sealed class IndexedPack : IDisposable
{
    private readonly ObjectFormat _format;
    private readonly GitLimits _limits;
    private PackIndex? _index;
    private Pack? _pack;

    /// <param name="indexPath">Path of the index; the pack lies beside it.</param>
    /// <param name="format">The hash that names are.</param>
    /// <param name="limits">The limits.</param>
    public IndexedPack(string indexPath, ObjectFormat format, GitLimits limits)
    {
        IndexPath = indexPath;
        _format = format;
        _limits = limits;
    }

    /// <summary>Path of the index.</summary>
    public string IndexPath { get; }

    /// <summary>Path of the pack.</summary>
    public string PackPath => Path.ChangeExtension(IndexPath, ".pack");

    /// <summary>The index.</summary>
    /// <exception cref="BadDataException">It is malformed.</exception>
    public PackIndex Index => _index ??= new PackIndex(ByteSource.OpenFile(IndexPath), _format);

    /// <summary>The pack.</summary>
    /// <exception cref="BadDataException">It is malformed.</exception>
    public Pack Pack => _pack ??= OpenPack();

    /// <summary>Finds the offset of an object in the pack; null when it is not there.</summary>
    /// <exception cref="BadDataException">The index is malformed.</exception>
    public long? FindOffset(ObjectId id) => Index.Names.Find(id) is { } position ? Index.GetOffset(position) : null;

    /// <summary>Finds the entry that follows one, which tells how many bytes that one has.</summary>
    /// <returns>Its offset, or that of the pack's checksum behind the last entry.</returns>
    /// <exception cref="BadDataException">The index is malformed.</exception>
    public long FindEntryEnd(long offset)
    {
        long next = Pack.End;
        for (long i = 0; i < Index.Names.Count; i++)
        {
            long other = Index.GetOffset(i);
            if (other > offset && other < next)
                next = other;
        }

        return next;
    }

    public void Dispose()
    {
        _index?.Dispose();
        _pack?.Dispose();
    }

    private Pack OpenPack()
    {
        var pack = new Pack(ByteSource.OpenFile(PackPath), FindOffset, _format, _limits);

        // A pack that a multi-pack index is of may have no index of its own.
        if (_index is null && !File.Exists(IndexPath))
            return pack;

        try
        {
            if (pack.Count != Index.Names.Count)
                throw new BadDataException(
                    PackPath,
                    0,
                    $"{pack.Count} entries, but the index has {Index.Names.Count} names"
                );

            if (pack.Checksum != Index.PackChecksum)
                throw new BadDataException(
                    PackPath,
                    pack.End,
                    $"the checksum {pack.Checksum} is not the {Index.PackChecksum} that the index is of"
                );

            return pack;
        }
        catch
        {
            pack.Dispose();
            throw;
        }
    }
}
