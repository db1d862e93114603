namespace Osprey.Target.Memory;

/// <summary>
/// Physical memory with the pages that were read last kept until the guest may have run
/// (<see cref="StopGeneration"/>): for ways to a guest that are slow by the read.
/// </summary>
/// <remarks>
/// Four-way set associative, with a bound on its size. Long reads go past it. A page of which only the front can be
/// read is kept as far as it goes; what lies behind is asked for each time.
/// </remarks>
public sealed class CachedPhysicalMemory : IPhysicalMemory
{
    /// <summary>Size of a page in bytes.</summary>
    public const int PageSize = 4096;

    private const int Ways = 4;

    /// <summary>What is never the generation of a guest.</summary>
    private const long NoGeneration = 0;

    /// <summary>
    /// From this size on a read goes past the cache: copying twice costs more than it brings. Debuggers that dump
    /// memory ask for a little less than 64 KiB at a time.
    /// </summary>
    private const int LongRead = 8 * PageSize;

    private readonly IPhysicalMemory _memory;
    private readonly PageSet?[] _sets;

    // Pages of older generations count as absent.
    private readonly StopGeneration _generation;
    private uint _victim;

    /// <param name="memory">What to read from.</param>
    /// <param name="maxPages">Most pages to keep; rounded up to a power of two of at least 4.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="memory"/> is a cache itself: two of them go stale at different times.
    /// </exception>
    public CachedPhysicalMemory(IPhysicalMemory memory, int maxPages = 4096)
    {
        if (memory is CachedPhysicalMemory)
            throw new ArgumentException("a cache is not put over a cache", nameof(memory));

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPages);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPages, 1 << 24);
        int count = Math.Max(Ways, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)maxPages));
        _memory = memory;
        _generation = memory.Generation;
        _sets = new PageSet[count / Ways];
    }

    /// <inheritdoc/>
    public IReadOnlyList<MemoryBlock> Blocks => _memory.Blocks;

    /// <inheritdoc/>
    public StopGeneration Generation => _generation;

    /// <summary>The number of pages that were read from the memory below so far.</summary>
    public long Misses { get; private set; }

    /// <summary>
    /// A cache over <paramref name="memory"/>, or that itself where a cache brings nothing: mapped memory, or a cache.
    /// </summary>
    public static IPhysicalMemory WrapIfUseful(IPhysicalMemory memory) =>
        memory is IMappedMemory or CachedPhysicalMemory ? memory : new CachedPhysicalMemory(memory);

    /// <inheritdoc/>
    public int Read(PhysicalAddress address, Span<byte> buffer)
    {
        if (buffer.Length >= LongRead)
            return _memory.Read(address, buffer);

        int total = 0;
        ulong position = address.Value;
        while (total < buffer.Length)
        {
            int inPage = (int)(position % PageSize);
            int wanted = Math.Min(PageSize - inPage, buffer.Length - total);
            int count = ReadInPage(position, inPage, buffer.Slice(total, wanted));
            total += count;
            if (count < wanted || ulong.MaxValue - position < (uint)count)
                break;

            position += (uint)count;
        }

        return total;
    }

    private int ReadInPage(ulong address, int inPage, Span<byte> buffer)
    {
        ulong page = address / PageSize;
        PageSet set = _sets[page & (ulong)(_sets.Length - 1)] ??= new PageSet();
        KeptPage kept = set.Find(page, _generation.Value) ?? Fill(set, page);
        if (inPage + buffer.Length <= kept.Valid)
        {
            kept.Bytes.AsSpan(inPage, buffer.Length).CopyTo(buffer);
            return buffer.Length;
        }

        return _memory.Read(new PhysicalAddress(address), buffer);
    }

    private KeptPage Fill(PageSet set, ulong page)
    {
        long generation = _generation.Value; // before the read: what advances meanwhile makes the page old
        KeptPage kept = set.Take(generation, ref _victim);
        kept.Valid = _memory.Read(new PhysicalAddress(page * PageSize), kept.Bytes);
        Misses++;
        (kept.Page, kept.Generation) = (page, generation);
        return kept;
    }

    /// <summary>The places of the pages whose numbers end alike. Most sets of most runs stay without a page.</summary>
    private sealed class PageSet
    {
        private readonly KeptPage?[] _pages = new KeptPage?[Ways];

        public KeptPage? Find(ulong page, long generation)
        {
            foreach (KeptPage? kept in _pages)
            {
                if (kept is not null && kept.Page == page && kept.Generation == generation)
                    return kept;
            }

            return null;
        }

        /// <summary>Takes a place that is free, or else that of another page.</summary>
        public KeptPage Take(long generation, ref uint victim)
        {
            int index = Array.FindIndex(_pages, kept => kept is null || kept.Generation != generation);
            if (index < 0)
                index = (int)((victim = unchecked(victim + 1)) % Ways);

            KeptPage taken = _pages[index] ??= new KeptPage();
            taken.Generation = NoGeneration; // stays so when the read throws
            return taken;
        }
    }

    private sealed class KeptPage
    {
        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(PageSize);

        public ulong Page { get; set; }

        public long Generation { get; set; }

        /// <summary>The number of bytes from the page's front that could be read.</summary>
        public int Valid { get; set; }
    }
}
