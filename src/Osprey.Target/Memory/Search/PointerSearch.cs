using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Osprey.Target.Memory.Search;

/// <summary>Finds the words of a guest's physical memory that point into a range.</summary>
/// <remarks>Only words of 8 bytes at addresses that 8 divides are looked at, little-endian.</remarks>
public static class PointerSearch
{
    private const int ChunkSize = 1 << 20;
    private const ulong PageSize = 4096;
    private const ulong WordSize = sizeof(ulong);

    /// <summary>Searches.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="first">The lowest value that counts.</param>
    /// <param name="last">The highest value that counts.</param>
    /// <param name="maxMatches">The number of words after which the search ends.</param>
    /// <param name="skipped">
    /// Ranges of physical memory not to look into, lowest address first, not overlapping; null for none.
    /// </param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    public static MemorySearchResult Find(
        IPhysicalMemory memory,
        ulong first,
        ulong last,
        int maxMatches,
        IReadOnlyList<(ulong Start, ulong Size)>? skipped = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxMatches);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, last);
        var matches = new List<PhysicalAddress>();
        byte[] buffer = new byte[memory is IMappedMemory ? 0 : ChunkSize];
        ulong unreadable = 0;
        foreach ((ulong start, ulong blockEnd) in EnumerateParts(memory, skipped ?? []))
        {
            ulong end = blockEnd & ~(WordSize - 1);
            ulong at = start + (unchecked(0 - start) & (WordSize - 1));
            while (at < end)
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<byte> bytes = Get(memory, at, (int)Math.Min(end - at, ChunkSize), buffer);
                bytes = bytes[..(bytes.Length & ~(int)(WordSize - 1))];
                if (!Scan(MemoryMarshal.Cast<byte, ulong>(bytes), at, first, last - first, maxMatches, matches))
                    return new MemorySearchResult(matches, true, unreadable);

                ulong next = at + (ulong)bytes.Length;
                if (bytes.IsEmpty)
                {
                    next = Math.Min(end, (at | (PageSize - 1)) + 1);
                    unreadable += next - at;
                }

                at = next;
            }
        }

        return new MemorySearchResult(matches, false, unreadable);
    }

    /// <summary>Gives the blocks without what is skipped.</summary>
    private static IEnumerable<(ulong Start, ulong End)> EnumerateParts(
        IPhysicalMemory memory,
        IReadOnlyList<(ulong Start, ulong Size)> skipped
    )
    {
        foreach (MemoryBlock block in memory.Blocks)
        {
            ulong at = block.Start.Value;
            ulong end = block.End.Value & ~(WordSize - 1);
            foreach ((ulong start, ulong size) in skipped)
            {
                ulong behind = size > ulong.MaxValue - start ? ulong.MaxValue : start + size;
                if (behind <= at || start >= end)
                    continue;

                if (start > at)
                    yield return (at, start);

                at = Math.Max(at, behind);
            }

            if (at < end)
                yield return (at, end);
        }
    }

    private static ReadOnlySpan<byte> Get(IPhysicalMemory memory, ulong address, int size, byte[] buffer) =>
        memory is IMappedMemory mapped
            ? mapped.GetMapped(new PhysicalAddress(address), size)
            : buffer.AsSpan(0, memory.Read(new PhysicalAddress(address), buffer.AsSpan(0, size)));

    /// <returns>False when there are more matches than are wanted.</returns>
    private static bool Scan(
        ReadOnlySpan<ulong> words,
        ulong address,
        ulong first,
        ulong span,
        int maxMatches,
        List<PhysicalAddress> matches
    )
    {
        Vector256<ulong> lows = Vector256.Create(first);
        Vector256<ulong> spans = Vector256.Create(span);
        int i = 0;
        for (; i <= words.Length - Vector256<ulong>.Count; i += Vector256<ulong>.Count)
        {
            Vector256<ulong> values = Vector256.Create(words[i..]);
            if (Vector256.LessThanOrEqualAny(values - lows, spans) && !Add(i, Vector256<ulong>.Count, words))
                return false;
        }

        return Add(i, words.Length - i, words);

        bool Add(int start, int count, ReadOnlySpan<ulong> all)
        {
            for (int k = start; k < start + count; k++)
            {
                if (unchecked(all[k] - first) > span)
                    continue;

                if (matches.Count == maxMatches)
                    return false;

                matches.Add(new PhysicalAddress(address + ((ulong)k * WordSize)));
            }

            return true;
        }
    }
}
