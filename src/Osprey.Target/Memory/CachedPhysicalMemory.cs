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

    /// <summary>From this size on a read goes past the cache: copying twice costs more than it brings.</summary>
    private const int LongRead = 16 * PageSize;

    private readonly IPhysicalMemory _memory;
    private readonly Slot[] _slots;
    private readonly byte[]?[] _pages;
    private readonly ulong _setMask;

    // Slots of older generations count as empty: 0 is never the generation, so fresh slots do too.
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
        _slots = new Slot[count];
        _pages = new byte[count][];
        _setMask = (ulong)(count / Ways) - 1;
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
        int index = FindSlot(page);
        if (index < 0)
            index = Fill(page);

        int valid = _slots[index].Valid;
        if (inPage + buffer.Length <= valid)
        {
            _pages[index].AsSpan(inPage, buffer.Length).CopyTo(buffer);
            return buffer.Length;
        }

        return _memory.Read(new PhysicalAddress(address), buffer);
    }

    private int FindSlot(ulong page)
    {
        int first = (int)(page & _setMask) * Ways;
        long generation = _generation.Value;
        ReadOnlySpan<Slot> set = _slots.AsSpan(first, Ways);
        for (int i = 0; i < Ways; i++)
        {
            if (set[i].Page == page && set[i].Generation == generation)
                return first + i;
        }

        return -1;
    }

    private int Fill(ulong page)
    {
        int first = (int)(page & _setMask) * Ways;
        int index = -1;
        long generation = _generation.Value; // before the read: what advances meanwhile makes the page old
        for (int i = first; i < first + Ways && index < 0; i++)
        {
            if (_slots[i].Generation != generation)
                index = i;
        }

        if (index < 0)
            index = first + (int)((_victim = unchecked(_victim + 1)) % Ways);

        byte[] bytes = _pages[index] ??= GC.AllocateUninitializedArray<byte>(PageSize);
        _slots[index] = default; // stays empty when the read throws
        int valid = _memory.Read(new PhysicalAddress(page * PageSize), bytes);
        Misses++;
        _slots[index] = new Slot(page, generation, valid);
        return index;
    }

    private readonly record struct Slot(ulong Page, long Generation, int Valid);
}
