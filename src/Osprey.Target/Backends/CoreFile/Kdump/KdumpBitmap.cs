using System.Numerics;
using System.Runtime.InteropServices;
using Osprey.Binary;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.CoreFile.Kdump;

/// <summary>
/// A bitmap of pages in a kdump file, with the count of bits before a page: that is where its descriptor is.
/// </summary>
/// <remarks>
/// Counts are kept for each 512 bytes (16 MiB of guest in pages of 4 KiB), as far as anybody has asked.
/// </remarks>
internal sealed class KdumpBitmap(ByteSource source, long offset, ulong pageCount)
{
    private const int ChunkSize = 512;
    private const int ChunkBits = ChunkSize * 8;
    private const int MaxRuns = 1 << 20;

    private readonly byte[] _chunk = new byte[ChunkSize];
    private readonly List<long> _before = [0];
    private long _loaded = -1;

    /// <summary>Tells whether a page's bit is set, and how many bits are before it.</summary>
    public bool TryGetRank(ulong page, out long rank)
    {
        rank = 0;
        if (page >= pageCount)
            return false;

        long chunk = (long)(page / ChunkBits);
        while (_before.Count <= chunk)
        {
            Load(_before.Count - 1);
            _before.Add(_before[^1] + Count(_chunk));
        }

        Load(chunk);
        int bit = (int)(page % ChunkBits);
        if ((_chunk[bit >> 3] >> (bit & 7) & 1) == 0)
            return false;

        int before =
            Count(_chunk.AsSpan(0, bit >> 3))
            + BitOperations.PopCount((uint)_chunk[bit >> 3] & ((1u << (bit & 7)) - 1));
        rank = _before[(int)chunk] + before;
        return true;
    }

    /// <summary>Runs of set bits as blocks of memory.</summary>
    public List<MemoryBlock> FindBlocks(int pageSize)
    {
        var blocks = new List<MemoryBlock>();
        ulong start = ulong.MaxValue;
        for (ulong first = 0; first < pageCount; first += ChunkBits)
        {
            Load((long)(first / ChunkBits));
            ReadOnlySpan<byte> chunk = _chunk;
            byte same = start == ulong.MaxValue ? (byte)0 : (byte)0xff;
            if (chunk.IndexOfAnyExcept(same) < 0 && pageCount - first >= ChunkBits)
                continue;

            for (ulong page = first; page < Math.Min(first + ChunkBits, pageCount); page++)
            {
                int bit = (int)(page - first);
                bool isSet = (chunk[bit >> 3] >> (bit & 7) & 1) != 0;
                if (isSet && start == ulong.MaxValue)
                {
                    start = page;
                }
                else if (!isSet && start != ulong.MaxValue)
                {
                    Add(start, page);
                    start = ulong.MaxValue;
                }
            }
        }

        if (start != ulong.MaxValue)
            Add(start, pageCount);

        return blocks;

        void Add(ulong from, ulong to)
        {
            if (blocks.Count == MaxRuns)
                throw new BadDataException(source.Name, offset, $"more than {MaxRuns} ranges of pages");

            ulong size = (to - from) * (ulong)pageSize;
            blocks.Add(new MemoryBlock(new PhysicalAddress(from * (ulong)pageSize), size, MemoryBlockKind.Unknown, ""));
        }
    }

    private static int Count(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
            count += BitOperations.PopCount(word);

        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
            count += BitOperations.PopCount(rest);

        return count;
    }

    private void Load(long chunk)
    {
        if (_loaded == chunk)
            return;

        _loaded = -1;
        int count = source.Read(offset + (chunk * ChunkSize), _chunk);
        _chunk.AsSpan(count).Clear(); // a file cut short has no pages there
        _loaded = chunk;
    }
}
