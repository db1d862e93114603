using Osprey.Binary;
using Osprey.Git.Objects;

namespace Osprey.Git.Packs;

/// <summary>
/// The sorted names of an index, with the fan-out table before them: for each first byte, how many names are below or
/// begin with it.
/// </summary>
internal sealed class ObjectNameTable
{
    /// <summary>Size of a fan-out table in bytes.</summary>
    public const int FanOutSize = 256 * sizeof(uint);

    private readonly ByteSource _source;
    private readonly ObjectFormat _format;
    private readonly uint[] _fanOut = new uint[256];
    private readonly long _names;
    private readonly int _stride;

    /// <param name="source">The index's file.</param>
    /// <param name="format">The hash that names are.</param>
    /// <param name="fanOut">Offset of the fan-out table.</param>
    /// <param name="names">Offset of the first name.</param>
    /// <param name="stride">Bytes from one name to the next.</param>
    /// <exception cref="BadDataException">The table is malformed, or cut short.</exception>
    public ObjectNameTable(ByteSource source, ObjectFormat format, long fanOut, long names, int stride)
    {
        _source = source;
        _format = format;
        _names = names;
        _stride = stride;
        var reader = new ByteReader(source.Slice(fanOut, FanOutSize).Span, source.Name, fanOut, bigEndian: true);
        uint before = 0;
        for (int i = 0; i < _fanOut.Length; i++)
        {
            long offset = reader.Offset;
            _fanOut[i] = reader.ReadUInt32();
            if (_fanOut[i] < before)
                throw new BadDataException(source.Name, offset, $"the fan-out table goes down from {before}");

            before = _fanOut[i];
        }
    }

    /// <summary>The number of names.</summary>
    public uint Count => _fanOut[^1];

    /// <summary>Requires that all names lie before an offset.</summary>
    /// <exception cref="BadDataException">They do not.</exception>
    public void RequireEnd(long end)
    {
        if (Count > Math.Max(0, end - _names) / _stride)
            throw new BadDataException(
                _source.Name,
                _names,
                $"{Count} names of {_stride} bytes, but only {Math.Max(0, end - _names)} bytes for them"
            );
    }

    /// <summary>Returns the name at a position.</summary>
    public ObjectId GetId(long position) => new(GetName(position));

    /// <summary>Finds a name.</summary>
    /// <param name="id">The name.</param>
    /// <param name="steps">Gets the comparisons; null when nobody asks.</param>
    /// <returns>Its position; null when it is not there.</returns>
    public long? Find(ObjectId id, List<IndexStep>? steps = null)
    {
        Span<byte> wanted = stackalloc byte[ObjectId.MaxSize];
        id.CopyTo(wanted);
        wanted = wanted[.._format.Size];
        (long low, long high) = GetBucket(id.FirstByte);
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            ReadOnlySpan<byte> name = GetName(middle);
            steps?.Add(new IndexStep(middle, new ObjectId(name)));
            int order = wanted.SequenceCompareTo(name);
            if (order == 0)
                return middle;

            if (order < 0)
                high = middle;
            else
                low = middle + 1;
        }

        return null;
    }

    /// <summary>Finds a name, and tells how.</summary>
    /// <param name="id">The name.</param>
    /// <param name="kind">The index's format in words.</param>
    public IndexLookup Explain(ObjectId id, string kind)
    {
        var steps = new List<IndexStep>();
        long? position = Find(id, steps);
        (long low, long high) = GetBucket(id.FirstByte);
        return new IndexLookup(_source.Name, kind, Count, id.FirstByte, low, high, steps, position);
    }

    /// <summary>Adds the names that begin with some digits.</summary>
    public void AddMatches(ObjectPrefix prefix, ISet<ObjectId> matches, GitLimits limits)
    {
        (long low, long end) = GetBucket(prefix.FirstByte);
        long high = end;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (prefix.CompareTo(GetName(middle)) <= 0)
                high = middle;
            else
                low = middle + 1;
        }

        for (; low < end && matches.Count < limits.MaxCandidates && prefix.CompareTo(GetName(low)) == 0; low++)
            matches.Add(GetId(low));
    }

    private (long Low, long High) GetBucket(byte first) => (first == 0 ? 0 : _fanOut[first - 1], _fanOut[first]);

    private ReadOnlySpan<byte> GetName(long position)
    {
        long offset = _names + (position * _stride);
        ReadOnlySpan<byte> name = _source.GetMapped(offset, _format.Size);
        return name.Length == _format.Size
            ? name
            : throw new BadDataException(_source.Name, offset, $"expected {_format.Size} bytes, have {name.Length}");
    }
}
