namespace Osprey.Target.Memory;

/// <summary>One address space of a guest: page tables over physical memory.</summary>
/// <remarks>
/// Translations are kept until the guest may have run (<see cref="StopGeneration"/>), as a CPU keeps them, in two
/// direct-mapped tables: of 4 KiB and of large pages. Unmapped addresses are looked up each time. Used from one thread
/// at a time.
/// </remarks>
public sealed class VirtualMemory : IMemoryReader
{
    private const int PageShift = 12;
    private const int LargeShift = 21;
    private const int SmallEntries = 1024;
    private const int LargeEntries = 512;
    private const ulong PageSize = 1UL << PageShift;
    private const ulong LargeSize = 1UL << LargeShift;

    private readonly IPhysicalMemory _memory;
    private readonly IAddressTranslator _translator;
    private readonly Entry[] _small = new Entry[SmallEntries];
    private readonly Entry[] _large = new Entry[LargeEntries];
    private readonly StopGeneration _generation;

    /// <param name="memory">The memory that virtual addresses end up in.</param>
    /// <param name="translator">The page tables.</param>
    public VirtualMemory(IPhysicalMemory memory, IAddressTranslator translator)
    {
        _memory = memory;
        _generation = memory.Generation;
        _translator = translator;
    }

    /// <summary>The page tables.</summary>
    public IAddressTranslator Translator => _translator;

    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> buffer)
    {
        // Nearly all reads are of a few bytes in one page.
        if (buffer.Length <= (int)(PageSize - (address & (PageSize - 1))))
        {
            return !buffer.IsEmpty && TryTranslate(address, out ulong physical, out _)
                ? _memory.Read(new PhysicalAddress(physical), buffer)
                : 0;
        }

        return ReadPages(address, buffer);
    }

    /// <summary>Looks one address up.</summary>
    /// <returns>False when it is not mapped.</returns>
    public bool TryTranslate(ulong address, out PhysicalAddress physical)
    {
        bool mapped = TryTranslate(address, out ulong value, out _);
        physical = new PhysicalAddress(value);
        return mapped;
    }

    private int ReadPages(ulong address, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length && TryTranslate(address, out ulong physical, out ulong contiguous))
        {
            // Pages that follow each other physically are read at once.
            ulong wanted = (ulong)(buffer.Length - total);
            while (
                contiguous < wanted
                && contiguous <= ulong.MaxValue - address
                && TryTranslate(address + contiguous, out ulong next, out ulong more)
                && next == unchecked(physical + contiguous)
            )
            {
                contiguous += more;
            }

            int length = (int)Math.Min(contiguous, wanted);
            int count = _memory.Read(new PhysicalAddress(physical), buffer.Slice(total, length));
            total += count;
            if (count < length || ulong.MaxValue - address < (uint)count)
                break;

            address += (uint)count;
        }

        return total;
    }

    /// <summary>
    /// Looks one address up, in what is kept first. <paramref name="contiguous"/> bytes from there on lie in one page.
    /// </summary>
    private bool TryTranslate(ulong address, out ulong physical, out ulong contiguous)
    {
        long generation = _generation.Value;
        ref Entry small = ref _small[(int)((address >> PageShift) & (SmallEntries - 1))];
        if (small.Page == address >> PageShift && small.Generation == generation)
        {
            ulong inside = address & (PageSize - 1);
            physical = small.Physical + inside;
            contiguous = PageSize - inside;
            return true;
        }

        ref Entry large = ref _large[(int)((address >> LargeShift) & (LargeEntries - 1))];
        if (large.Page == address >> LargeShift && large.Generation == generation)
        {
            ulong inside = address & (LargeSize - 1);
            physical = large.Physical + inside;
            contiguous = LargeSize - inside;
            return true;
        }

        return Walk(address, generation, ref small, ref large, out physical, out contiguous);
    }

    private bool Walk(
        ulong address,
        long generation,
        ref Entry small,
        ref Entry large,
        out ulong physical,
        out ulong contiguous
    )
    {
        physical = contiguous = 0;
        if (!_translator.TryTranslate(address, out Translation found))
            return false;

        physical = found.Physical.Value;
        bool isLarge = found.PageSize >= LargeSize;
        int shift = isLarge ? LargeShift : PageShift;
        ulong inside = address & ((1UL << shift) - 1);
        contiguous = (1UL << shift) - inside;
        var entry = new Entry
        {
            Page = address >> shift,
            Physical = physical - inside,
            Generation = generation,
        };
        if (isLarge)
            large = entry;
        else
            small = entry;

        return true;
    }

    private struct Entry
    {
        public ulong Page;
        public ulong Physical;
        public long Generation;
    }
}
