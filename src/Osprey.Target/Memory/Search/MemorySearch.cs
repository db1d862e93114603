namespace Osprey.Target.Memory.Search;

/// <summary>Searches a guest's physical memory, with all cores of this machine.</summary>
/// <remarks>
/// Memory goes through it in chunks: mapped memory where it lies, other memory copied by the caller's thread while
/// others scan. A chunk is looked at together with as many bytes behind it as a match may reach there, so none is lost
/// or found twice at its edge. Blocks that touch are one to it.
/// </remarks>
public static class MemorySearch
{
    private const int DefaultChunkSize = 1 << 20;

    /// <summary>Finds a pattern.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="TargetException">The guest can't be reached any more.</exception>
    public static MemorySearchResult Find(
        IPhysicalMemory memory,
        MemoryPattern pattern,
        MemorySearchOptions? options = null,
        CancellationToken cancellation = default
    ) => Find(memory, pattern, options ?? new MemorySearchOptions(), DefaultChunkSize, cancellation);

    /// <summary>As above, in chunks of another size, for tests that cross their edges.</summary>
    internal static MemorySearchResult Find(
        IPhysicalMemory memory,
        MemoryPattern pattern,
        MemorySearchOptions options,
        int chunkSize,
        CancellationToken cancellation
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxMatches);
        var scanner = new PatternScanner(pattern);
        int workers = Math.Clamp(Environment.ProcessorCount, 1, 16);
        var slots = new SearchSlot[memory is IMappedMemory ? workers * 4 : workers + 1];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = new SearchSlot(memory, scanner, pattern.Length, options.MaxMatches);

        var matches = new List<PhysicalAddress>();
        ulong unreadable = 0;
        long started = 0;
        long taken = 0;
        try
        {
            foreach (
                (ulong start, ulong size, ulong reach) in EnumerateChunks(memory, options, pattern.Length, chunkSize)
            )
            {
                cancellation.ThrowIfCancellationRequested();
                if (started - taken == slots.Length && !Take(slots[taken++ % slots.Length]))
                    return new MemorySearchResult(matches, true, unreadable);

                slots[started++ % slots.Length].Start(start, (int)size, (int)reach);
            }

            while (taken < started)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!Take(slots[taken++ % slots.Length]))
                    return new MemorySearchResult(matches, true, unreadable);
            }
        }
        finally
        {
            // Nothing may look at the memory behind the caller's back.
            for (; taken < started; taken++)
                slots[taken % slots.Length].Wait();
        }

        return new MemorySearchResult(matches, false, unreadable);

        bool Take(SearchSlot slot)
        {
            slot.Wait();
            unreadable += slot.Unreadable;
            foreach (ulong match in slot.Matches)
            {
                if (matches.Count == options.MaxMatches)
                    return false;

                matches.Add(new PhysicalAddress(match));
            }

            return matches.Count < options.MaxMatches;
        }
    }

    /// <summary>
    /// Chunks to find starts of matches in, and how many bytes from their start on a match may reach.
    /// </summary>
    private static IEnumerable<(ulong Start, ulong Size, ulong Reach)> EnumerateChunks(
        IPhysicalMemory memory,
        MemorySearchOptions options,
        int length,
        int chunkSize
    )
    {
        IReadOnlyList<MemoryBlock> blocks = memory.Blocks;
        for (int i = 0; i < blocks.Count; )
        {
            ulong start = blocks[i].Start.Value;
            ulong end = blocks[i].End.Value;
            for (i++; i < blocks.Count && blocks[i].Start.Value == end; i++)
                end = blocks[i].End.Value;

            ulong last = Math.Min(end - Math.Min(end, 1), options.Last.Value);
            for (start = Math.Max(start, options.Start.Value); start <= last && start < end; )
            {
                ulong size = Math.Min((ulong)chunkSize - (start % (ulong)chunkSize), last - start + 1);
                yield return (start, size, Math.Min(size + (ulong)(length - 1), end - start));
                start += size;
            }
        }
    }
}
