using Osprey.Binary;
using Osprey.Git.Objects;
using Osprey.Git.Storage;

namespace Osprey.Git.Packs;

/// <summary>A pack: a header, entries one behind the other, and a checksum.</summary>
/// <remarks>
/// <para>
/// An entry has its kind and size in a few bytes, then for a delta what it is a delta of, then zlib data. Nothing says
/// how long that data is: it ends where zlib says.
/// </para>
/// <para>
/// An object that is a delta is read from the far end: headers are followed down to an entry that is whole or in the
/// cache (a chain), then deltas are applied upwards. The chain's length is bounded, so that references that form a
/// circle end in an error. Results on the way are kept in the cache, as other objects are often deltas of them.
/// </para>
/// <para>The pack's checksum is compared with the index's, not computed: objects are checked one by one.</para>
/// </remarks>
internal sealed class Pack : IDisposable
{
    private const uint Magic = 0x5041434b; // "PACK"
    private const int HeaderSize = 12;
    private const int MaxEntryHeaderSize = 64;

    private readonly ByteSource _source;
    private readonly Func<ObjectId, long?> _findOffset;
    private readonly ObjectFormat _format;
    private readonly GitLimits _limits;
    private readonly long _end;

    /// <summary>Opens a pack.</summary>
    /// <param name="source">Its file, which the pack disposes of, also when this fails.</param>
    /// <param name="findOffset">Finds the offset of an object that is in this pack; null when it is not.</param>
    /// <param name="format">The hash that names are.</param>
    /// <param name="limits">The limits.</param>
    /// <exception cref="BadDataException">The file is no pack, or cut short.</exception>
    public Pack(ByteSource source, Func<ObjectId, long?> findOffset, ObjectFormat format, GitLimits limits)
    {
        _source = source;
        _findOffset = findOffset;
        _format = format;
        _limits = limits;
        _end = source.Length - format.Size;
        try
        {
            var reader = new ByteReader(source.Slice(0, HeaderSize).Span, source.Name, bigEndian: true);
            if (reader.ReadUInt32() != Magic)
                throw new BadDataException(source.Name, 0, "expected the magic number PACK");

            uint version = reader.ReadUInt32();
            if (version is not (2 or 3))
                reader.ThrowBad($"version {version} is neither 2 nor 3");

            Count = reader.ReadUInt32();
            Checksum = new ObjectId(source.Slice(_end, format.Size).Span);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The file's path.</summary>
    public string Path => _source.Name;

    /// <summary>The number of entries that the header declares.</summary>
    public uint Count { get; }

    /// <summary>The checksum at the end, as it is written there.</summary>
    public ObjectId Checksum { get; }

    /// <summary>Offset of the checksum, behind the last entry.</summary>
    public long End => _end;

    /// <summary>Reads the object at an offset.</summary>
    /// <param name="offset">Offset of its entry.</param>
    /// <param name="cache">Keeps objects that others may be deltas of.</param>
    /// <exception cref="BadDataException">An entry of the chain is malformed.</exception>
    public (GitObjectType Type, byte[] Data) Read(long offset, ObjectCache cache)
    {
        var deltas = new Stack<PackEntry>();
        (GitObjectType Type, byte[] Data) value;
        long next = offset;
        while (!cache.TryGet(this, next, out value))
        {
            PackEntry entry = ReadEntry(next);
            if (entry.BaseOffset is not { } baseOffset)
            {
                value = ((GitObjectType)entry.Kind, Inflate(entry));
                cache.Add(this, next, value);
                break;
            }

            RequireDepth(deltas.Count + 1, offset);
            deltas.Push(entry);
            next = baseOffset;
        }

        while (deltas.TryPop(out PackEntry delta))
        {
            byte[] data = PackDelta.Apply(value.Data, Inflate(delta), _source.Name, delta.Offset, _limits);
            value = (value.Type, data);
            cache.Add(this, delta.Offset, value);
        }

        return value;
    }

    /// <summary>Reads the entries that make an object: a chain of deltas, then the one that they begin with.</summary>
    /// <exception cref="BadDataException">An entry of the chain is malformed.</exception>
    public List<PackEntry> ReadChain(long offset)
    {
        var chain = new List<PackEntry>();
        long? next = offset;
        while (next is { } place)
        {
            PackEntry entry = ReadEntry(place);
            chain.Add(entry);
            next = entry.BaseOffset;
            RequireDepth(chain.Count - 1, offset);
        }

        return chain;
    }

    /// <summary>Reads the size of the object that an entry makes, without making it.</summary>
    /// <exception cref="BadDataException">The entry is malformed.</exception>
    public long ReadResultSize(PackEntry entry) =>
        entry.BaseOffset is null
            ? entry.Size
            : (long)Math.Min(PackDelta.ReadResultSize(Inflate(entry), _source.Name, entry.Offset), long.MaxValue);

    /// <summary>Reads an entry's header.</summary>
    /// <exception cref="BadDataException">The header is malformed, or outside of the pack's entries.</exception>
    public PackEntry ReadEntry(long offset)
    {
        if (offset < HeaderSize || offset >= _end)
            throw new BadDataException(_source.Name, offset, $"an entry outside of 0x{HeaderSize:x} to 0x{_end:x}");

        ReadOnlySpan<byte> bytes = _source.GetMapped(offset, (int)Math.Min(MaxEntryHeaderSize, _end - offset));
        var reader = new ByteReader(bytes, _source.Name, offset);
        int part = reader.ReadByte();
        var kind = (PackEntryKind)((part >> 4) & 7);
        ulong size = (ulong)(part & 15);
        for (int shift = 4; (part & 0x80) != 0; shift += 7)
        {
            part = reader.ReadByte();
            ulong bits = (ulong)(part & 0x7f);
            if (shift > 56 || (size |= bits << shift) > long.MaxValue)
                reader.ThrowBad("the size of an entry has over 63 bits");
        }

        long? baseOffset = null;
        ObjectId? baseId = null;
        switch (kind)
        {
            case PackEntryKind.Commit or PackEntryKind.Tree or PackEntryKind.Blob or PackEntryKind.Tag:
                break;
            case PackEntryKind.OffsetDelta:
                baseOffset = offset - ReadDistance(ref reader, offset);
                break;
            case PackEntryKind.ReferenceDelta:
                baseId = new ObjectId(reader.ReadBytes((ulong)_format.Size));
                baseOffset =
                    _findOffset(baseId.Value)
                    ?? throw new BadDataException(
                        _source.Name,
                        offset,
                        $"a delta of {baseId}, which is not in this pack"
                    );
                break;
            default:
                throw new BadDataException(_source.Name, offset, $"an entry of kind {(int)kind}");
        }

        return new PackEntry(kind, offset, reader.Offset, (long)size, baseOffset, baseId);
    }

    public void Dispose() => _source.Dispose();

    /// <summary>
    /// Reads the distance to the base: groups of 7 bits, the highest first, 1 added before each shift so that no number
    /// has two forms.
    /// </summary>
    private static long ReadDistance(ref ByteReader reader, long offset)
    {
        int part = reader.ReadByte();
        long distance = part & 0x7f;
        while ((part & 0x80) != 0)
        {
            if (distance > offset)
                break;

            part = reader.ReadByte();
            distance = ((distance + 1) << 7) | (long)(part & 0x7f);
        }

        if (distance == 0 || distance > offset)
            reader.ThrowBad($"a delta of an entry {distance} bytes before 0x{offset:x}");

        return distance;
    }

    private byte[] Inflate(PackEntry entry) =>
        InflatedData.ReadAll(_source, entry.DataOffset, _end, entry.Size, _limits);

    private void RequireDepth(int depth, long offset)
    {
        if (depth > _limits.MaxDeltaDepth)
            throw new BadDataException(
                _source.Name,
                offset,
                $"a chain of deltas over the limit of {_limits.MaxDeltaDepth}"
            );
    }
}
