namespace Osprey.Target.Memory;

/// <summary>One address space of a guest: page tables over physical memory.</summary>
/// <remarks>
/// Translations are kept until the guest may have run (<see cref="StopGeneration"/>), as a CPU keeps them, in two
/// direct-mapped tables: of 4 KiB and of large pages. They begin small, since a guest has an address space for each
/// process of which a few pages are read, and grow when two pages want the same entry. Unmapped addresses are looked up
/// each time. Used from one thread at a time.
/// </remarks>
public sealed class VirtualMemory : IMemoryReader
{
    private const int PageShift = 12;
    private const int LargeShift = 21;
    private const int FirstEntries = 8;
    private const int MaxSmallEntries = 2048;
    private const int MaxLargeEntries = 512;
    private const int Growth = 4;
    private const ulong PageSize = 1UL << PageShift;
    private const ulong LargeSize = 1UL << LargeShift;

    private readonly IPhysicalMemory _memory;
    private readonly IAddressTranslator _translator;
    private readonly StopGeneration _generation;
    private Entry[] _small = new Entry[FirstEntries];
    private Entry[] _large = new Entry[FirstEntries];

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
        ref readonly Entry small = ref _small[IndexOf(address >> PageShift, _small)];
        if (small.Page == address >> PageShift && small.Generation == generation)
        {
            ulong inside = address & (PageSize - 1);
            physical = small.Physical + inside;
            contiguous = PageSize - inside;
            return true;
        }

        ref readonly Entry large = ref _large[IndexOf(address >> LargeShift, _large)];
        if (large.Page == address >> LargeShift && large.Generation == generation)
        {
            ulong inside = address & (LargeSize - 1);
            physical = large.Physical + inside;
            contiguous = LargeSize - inside;
            return true;
        }

        return Walk(address, generation, out physical, out contiguous);
    }

    private bool Walk(ulong address, long generation, out ulong physical, out ulong contiguous)
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
            Keep(ref _large, MaxLargeEntries, entry);
        else
            Keep(ref _small, MaxSmallEntries, entry);

        return true;
    }

    private static void Keep(ref Entry[] table, int limit, Entry entry)
    {
        Entry[] before = table;
        if (before[IndexOf(entry.Page, before)].Generation == entry.Generation && before.Length < limit)
        {
            table = new Entry[before.Length * Growth];
            foreach (Entry kept in before)
            {
                if (kept.Generation == entry.Generation)
                    table[IndexOf(kept.Page, table)] = kept;
            }
        }

        table[IndexOf(entry.Page, table)] = entry;
    }

    /// <summary>The place of a page in a table, whose size is a power of two.</summary>
    private static int IndexOf(ulong page, Entry[] table) => (int)(page & (uint)(table.Length - 1));

    private struct Entry
    {
        public ulong Page;
        public ulong Physical;
        public long Generation;
    }
}
