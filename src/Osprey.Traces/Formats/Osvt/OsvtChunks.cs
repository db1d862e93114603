using Osprey.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Osvt;

/// <summary>
/// Finds the chunks of a dump, stepping by the sizes that they declare.
/// </summary>
internal static class OsvtChunks
{
    private const int RootSize = 24;
    private const int HeaderSize = 16;
    private const int MaxChunks = 100_000;

    /// <summary>A recording has some for each CPU and second.</summary>
    private const int MaxRecordedChunks = 4_000_000;

    /// <summary>Reads the root and lists the chunks in it.</summary>
    /// <param name="source">The whole dump.</param>
    /// <param name="stats">Where a chunk that the file cuts short is noted.</param>
    /// <exception cref="BadDataException">The root is damaged.</exception>
    public static List<OsvtChunk> Find(ByteSource source, TraceStats stats)
    {
        Span<byte> header = stackalloc byte[RootSize];
        int length = source.Read(0, header);
        var reader = new ByteReader(header[..length], source.Name);
        reader.Skip(8);
        ulong rootSize = reader.ReadUInt64();
        uint order = reader.ReadUInt32();
        if (order != 1)
            throw new BadDataException(source.Name, 16, $"byte-order mark 0x{order:x}, expected 1");

        reader.ReadUInt32(); // version
        bool isRecording = IsRecording(source);
        // A recording grows, and its root says how far it is whole.
        long end = isRecording ? (long)Math.Min(unchecked(rootSize + HeaderSize), (ulong)source.Length) : source.Length;
        var chunks = new List<OsvtChunk>();
        for (long offset = RootSize; offset < end; offset = AlignUp(offset))
        {
            int count = source.Read(offset, header[..HeaderSize]);
            if (count < HeaderSize)
            {
                stats.Count(LossKind.TruncatedBytes, count);
                stats.End(
                    new BadDataException(
                        source.Name,
                        offset,
                        $"the file ends inside a chunk's header: expected {HeaderSize} bytes, have {count}"
                    )
                );
                break;
            }

            reader = new ByteReader(header[..HeaderSize], source.Name, offset);
            uint tag = reader.ReadUInt32();
            reader.ReadUInt32();
            ulong size = reader.ReadUInt64();
            offset += HeaderSize;
            long have = source.Length - offset;
            var chunk = new OsvtChunk(tag, offset, (long)Math.Min(size, (ulong)have));
            if (size > (ulong)have)
            {
                stats.Count(LossKind.TruncatedBytes, (long)Math.Min(size - (ulong)have, long.MaxValue));
                stats.End(
                    new BadDataException(
                        source.Name,
                        offset - HeaderSize,
                        $"the file ends inside chunk {chunk.Name}: expected {size} bytes, have {have}"
                    )
                );
            }

            int limit = isRecording ? MaxRecordedChunks : MaxChunks;
            if (chunks.Count == limit)
                throw new BadDataException(source.Name, offset, $"over {limit} chunks");

            chunks.Add(chunk);
            offset += chunk.Size;
        }

        // A file cut between two chunks looks whole but for the root's size, and a whole CPU may be missing.
        ulong rootHas = (ulong)source.Length - HeaderSize;
        if (stats.Damage is null && rootSize > rootHas)
        {
            stats.Count(LossKind.TruncatedBytes, (long)Math.Min(rootSize - rootHas, long.MaxValue));
            stats.End(
                new BadDataException(
                    source.Name,
                    source.Length,
                    $"the file ends here: expected {rootSize} bytes behind its first {HeaderSize}, have {rootHas}"
                )
            );
        }

        return chunks;
    }

    private static bool IsRecording(ByteSource source)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        return source.Read(RootSize, header) == HeaderSize
            && System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(header) == OsvtChunk.Facts;
    }

    private static long AlignUp(long offset) => (offset + 7) & ~7L;
}
