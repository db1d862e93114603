using System.Text;
using Osprey.Binary;
using Osprey.Git.Objects;

namespace Osprey.Git.Packs;

/// <summary>One index over several packs (<c>multi-pack-index</c>), divided into chunks.</summary>
/// <remarks>
/// A header ("MIDX", version, hash, number of chunks, of base files, of packs), a table of chunks, and the chunks:
/// PNAM the packs' names, OIDF the fan-out table, OIDL the names, OOFF pack and offset of each, LOFF offsets over 31
/// bits. Other chunks only help to find reachable objects, and are passed over (gitformat-pack).
/// </remarks>
internal sealed class MultiPackIndex : IDisposable
{
    private const uint Magic = 0x4d494458; // "MIDX"
    private const int HeaderSize = 12;
    private const int ChunkRowSize = 12;
    private const int OffsetRowSize = 8;
    private const uint LongOffset = 0x8000_0000;
    private const uint PackNames = 0x504e414d; // "PNAM"
    private const uint FanOut = 0x4f494446; // "OIDF"
    private const uint ObjectNames = 0x4f49444c; // "OIDL"
    private const uint ObjectOffsets = 0x4f4f4646; // "OOFF"
    private const uint LongOffsets = 0x4c4f4646; // "LOFF"

    private readonly ByteSource _source;
    private readonly Dictionary<uint, (long Start, long Length)> _chunks = [];

    /// <summary>Opens an index.</summary>
    /// <param name="source">Its file, which the index disposes of, also when this fails.</param>
    /// <param name="format">The hash that names are.</param>
    /// <param name="limits">The limits.</param>
    /// <exception cref="BadDataException">The file is malformed, of another kind, or cut short.</exception>
    public MultiPackIndex(ByteSource source, ObjectFormat format, GitLimits limits)
    {
        _source = source;
        try
        {
            var header = new ByteReader(source.Slice(0, HeaderSize).Span, source.Name, bigEndian: true);
            if (header.ReadUInt32() != Magic)
                throw new BadDataException(source.Name, 0, "expected the magic number MIDX");

            byte version = header.ReadByte();
            if (version is not (1 or 2))
                header.ThrowBad($"version {version} is neither 1 nor 2");

            byte hash = header.ReadByte();
            if (hash != (format == ObjectFormat.Sha1 ? 1 : 2))
                header.ThrowBad($"hash number {hash} is not that of {format.Name}");

            int chunks = header.ReadByte();
            byte bases = header.ReadByte();
            if (bases != 0)
                header.ThrowBad($"{bases} files that this one builds upon are not supported");

            uint packs = header.ReadUInt32();
            if (packs > limits.MaxPacks)
                header.ThrowBad($"{packs} packs are over the limit of {limits.MaxPacks}");

            ReadChunkTable(chunks, source.Length - format.Size);
            Packs = ReadPackNames((int)packs);
            RequireChunk(FanOut, ObjectNameTable.FanOutSize);
            (long names, long namesLength) = RequireChunk(ObjectNames, 0);
            Names = new ObjectNameTable(source, format, _chunks[FanOut].Start, names, format.Size);
            Names.RequireEnd(names + namesLength);
            RequireChunk(ObjectOffsets, Names.Count * (long)OffsetRowSize);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The names of the packs' indexes, such as "pack-1234.idx".</summary>
    public IReadOnlyList<string> Packs { get; }

    /// <summary>The names.</summary>
    public ObjectNameTable Names { get; }

    /// <summary>Returns pack (a position in <see cref="Packs"/>) and offset of the object at a position.</summary>
    /// <exception cref="BadDataException">There is no such pack, or no such offset.</exception>
    public (int Pack, long Offset) GetPlace(long position)
    {
        long place = _chunks[ObjectOffsets].Start + (position * OffsetRowSize);
        var reader = new ByteReader(_source.Slice(place, OffsetRowSize).Span, _source.Name, place, bigEndian: true);
        uint pack = reader.ReadUInt32();
        if (pack >= Packs.Count)
            throw new BadDataException(_source.Name, place, $"pack {pack} of {Packs.Count}");

        // Without a table of long offsets, an offset may have 32 bits.
        uint offset = reader.ReadUInt32();
        if ((offset & LongOffset) == 0 || !_chunks.TryGetValue(LongOffsets, out (long Start, long Length) table))
            return ((int)pack, offset);

        uint row = offset & ~LongOffset;
        if (row >= table.Length / sizeof(ulong))
            throw new BadDataException(_source.Name, place, $"long offset {row} of {table.Length / sizeof(ulong)}");

        place = table.Start + (row * (long)sizeof(ulong));
        reader = new ByteReader(_source.Slice(place, sizeof(ulong)).Span, _source.Name, place, bigEndian: true);
        ulong value = reader.ReadUInt64();
        return value <= long.MaxValue
            ? ((int)pack, (long)value)
            : throw new BadDataException(_source.Name, place, $"an offset of 0x{value:x}");
    }

    public void Dispose() => _source.Dispose();

    private void ReadChunkTable(int count, long end)
    {
        int size = (count + 1) * ChunkRowSize;
        var reader = new ByteReader(_source.Slice(HeaderSize, size).Span, _source.Name, HeaderSize, bigEndian: true);
        (uint id, long start) = ReadRow(ref reader, end);
        for (int i = 0; i < count; i++)
        {
            (uint nextId, long next) = ReadRow(ref reader, end);
            if (next < start)
                reader.ThrowBad($"a chunk that ends at 0x{next:x}, before its start at 0x{start:x}");

            if (!_chunks.TryAdd(id, (start, next - start)))
                reader.ThrowBad($"chunk 0x{id:x8} is there twice");

            (id, start) = (nextId, next);
        }
    }

    private static (uint Id, long Start) ReadRow(ref ByteReader reader, long end)
    {
        uint id = reader.ReadUInt32();
        ulong start = reader.ReadUInt64();
        if (start > (ulong)Math.Max(0, end))
            reader.ThrowBad($"a chunk at 0x{start:x}, behind the end of the chunks");

        return (id, (long)start);
    }

    private (long Start, long Length) RequireChunk(uint id, long length)
    {
        string name = Encoding.ASCII.GetString([
            (byte)(id >> 24),
            (byte)((id >> 16) & 0xff),
            (byte)((id >> 8) & 0xff),
            (byte)(id & 0xff),
        ]);
        if (!_chunks.TryGetValue(id, out (long Start, long Length) chunk))
            throw new BadDataException(_source.Name, HeaderSize, $"there is no chunk {name}");

        return chunk.Length >= length
            ? chunk
            : throw new BadDataException(
                _source.Name,
                chunk.Start,
                $"chunk {name} has {chunk.Length} bytes, expected {length}"
            );
    }

    private List<string> ReadPackNames(int count)
    {
        (long start, long length) = RequireChunk(PackNames, count);
        var reader = new ByteReader(_source.Slice(start, length).Span, _source.Name, start, bigEndian: true);
        var names = new List<string>(count);
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadNulTerminatedText();
            if (name.Contains('/') || !name.EndsWith(".idx", StringComparison.Ordinal))
                reader.ThrowBad($"'{MessageText.Shorten(name)}' is not the name of an index");

            names.Add(name);
        }

        return names;
    }
}
