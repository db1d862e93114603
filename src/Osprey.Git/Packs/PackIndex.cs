using Osprey.Binary;
using Osprey.Git.Objects;

namespace Osprey.Git.Packs;

/// <summary>The index of one pack: sorted names, each with its offset in the pack.</summary>
/// <remarks>
/// Version 1 has a fan-out table and then offsets of 4 bytes, each with its name behind it. Version 2 begins with a
/// magic number, and has names, checksums, offsets and, for offsets over 31 bits, a table of 8 bytes each. Both end
/// with the pack's checksum and their own. All numbers are big-endian (gitformat-pack).
/// </remarks>
internal sealed class PackIndex : IDisposable
{
    private const uint Magic = 0xff744f63; // "\377tOc"
    private const int HeaderSize = 8;
    private const uint LongOffset = 0x8000_0000;

    private readonly ByteSource _source;
    private readonly ObjectFormat _format;
    private readonly long _offsets;
    private readonly int _offsetStride;
    private readonly long _longOffsets;
    private readonly long _longOffsetCount;

    /// <summary>Opens an index.</summary>
    /// <param name="source">Its file, which the index disposes of, also when this fails.</param>
    /// <param name="format">The hash that names are.</param>
    /// <exception cref="BadDataException">The file is malformed, or cut short.</exception>
    public PackIndex(ByteSource source, ObjectFormat format)
    {
        _source = source;
        _format = format;
        try
        {
            var header = new ByteReader(Take(0, HeaderSize), source.Name, bigEndian: true);
            Version = header.ReadUInt32() == Magic ? header.ReadUInt32() : 1;
            long end = source.Length - (2 * format.Size);
            if (Version == 1)
            {
                _offsets = ObjectNameTable.FanOutSize;
                _offsetStride = sizeof(uint) + format.Size;
                Names = new ObjectNameTable(source, format, 0, _offsets + sizeof(uint), _offsetStride);
                Names.RequireEnd(end + sizeof(uint));
                RequireLength(_offsets + (Names.Count * (long)_offsetStride), end);
            }
            else if (Version == 2)
            {
                long names = HeaderSize + ObjectNameTable.FanOutSize;
                Names = new ObjectNameTable(source, format, HeaderSize, names, format.Size);
                Names.RequireEnd(end);
                _offsets = names + (Names.Count * (format.Size + (long)sizeof(uint)));
                _offsetStride = sizeof(uint);
                _longOffsets = _offsets + (Names.Count * (long)sizeof(uint));
                _longOffsetCount = Math.Max(0, end - _longOffsets) / sizeof(ulong);
                RequireLength(_longOffsets + (_longOffsetCount * sizeof(ulong)), end);
            }
            else
            {
                throw new BadDataException(source.Name, sizeof(uint), $"version {Version} is neither 1 nor 2");
            }
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The format's version, 1 or 2.</summary>
    public uint Version { get; }

    /// <summary>The names.</summary>
    public ObjectNameTable Names { get; }

    /// <summary>The format in words.</summary>
    public string Kind => $"pack index version {Version}";

    /// <summary>The checksum at the end of the pack that the index is of.</summary>
    public ObjectId PackChecksum => new(Take(_source.Length - (2 * _format.Size), _format.Size));

    /// <summary>Returns the offset in the pack of the object at a position.</summary>
    /// <exception cref="BadDataException">The offset is outside of the table that it refers to.</exception>
    public long GetOffset(long position)
    {
        long place = _offsets + (position * _offsetStride);
        uint offset = new ByteReader(Take(place, sizeof(uint)), _source.Name, place, bigEndian: true).ReadUInt32();
        if (Version == 1 || (offset & LongOffset) == 0)
            return offset;

        uint row = offset & ~LongOffset;
        if (row >= _longOffsetCount)
            throw new BadDataException(_source.Name, place, $"long offset {row} of {_longOffsetCount}");

        place = _longOffsets + (row * (long)sizeof(ulong));
        ulong value = new ByteReader(Take(place, sizeof(ulong)), _source.Name, place, bigEndian: true).ReadUInt64();
        return value <= long.MaxValue
            ? (long)value
            : throw new BadDataException(_source.Name, place, $"an offset of 0x{value:x}");
    }

    public void Dispose() => _source.Dispose();

    private void RequireLength(long expected, long end)
    {
        if (expected != end || end < 0)
            throw new BadDataException(
                _source.Name,
                Math.Min(Math.Max(0, end), expected),
                $"the tables of {Names.Count} names end at 0x{expected:x}, "
                    + $"the checksums begin at 0x{Math.Max(0, end):x}"
            );
    }

    private ReadOnlySpan<byte> Take(long offset, int size)
    {
        ReadOnlySpan<byte> bytes = _source.GetMapped(offset, size);
        return bytes.Length == size
            ? bytes
            : throw new BadDataException(
                _source.Name,
                Math.Max(0, offset),
                $"expected {size} bytes, have {bytes.Length}"
            );
    }
}
