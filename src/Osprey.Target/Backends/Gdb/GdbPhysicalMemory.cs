using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Gdb;

/// <summary>A guest's physical memory through its stub. What was read is kept until the guest runs.</summary>
/// <remarks>
/// Small reads take whole pages, and more of them ahead the longer they follow each other. Big ones go past the cache.
/// Only the blocks are ever asked for: the stub would read devices as well, and change their state by it.
/// </remarks>
internal sealed class GdbPhysicalMemory : IPhysicalMemory
{
    private const int PageSize = 4096;
    private const int BigRead = 64 << 10;
    private const int MostAhead = 32;

    /// <summary>Most pages that are kept: 64 MiB.</summary>
    private const int MaxPages = 16_384;

    private readonly GdbPhysicalReader _read;
    private readonly Dictionary<ulong, ArraySegment<byte>> _pages = [];
    private long _pagesGeneration;
    private ulong _nextPage = ulong.MaxValue;
    private int _ahead = 1;

    /// <param name="blocks">What there is, lowest address first, not overlapping.</param>
    /// <param name="generation">Says when the guest may have run.</param>
    /// <param name="read">Reads of the stub; only ever within the blocks.</param>
    public GdbPhysicalMemory(IReadOnlyList<MemoryBlock> blocks, StopGeneration generation, GdbPhysicalReader read)
    {
        Blocks = blocks;
        Generation = generation;
        _read = read;
    }

    /// <inheritdoc/>
    public IReadOnlyList<MemoryBlock> Blocks { get; }

    /// <inheritdoc/>
    public StopGeneration Generation { get; }

    /// <inheritdoc/>
    public int Read(PhysicalAddress address, Span<byte> buffer)
    {
        buffer = buffer[..(int)CountReadable(address.Value, (ulong)buffer.Length)];
        if (buffer.Length >= BigRead)
            return _read(address.Value, buffer);

        int done = 0;
        while (done < buffer.Length)
        {
            ulong at = address.Value + (ulong)done;
            int inPage = (int)(at & (PageSize - 1));
            int size = Math.Min(PageSize - inPage, buffer.Length - done);
            ReadOnlySpan<byte> page = GetPage(at - (ulong)inPage);
            if (page.Length < inPage + size)
                return done + _read(at, buffer[done..]); // at the border of a block that ends inside a page

            page.Slice(inPage, size).CopyTo(buffer[done..]);
            done += size;
        }

        return done;
    }

    /// <summary>The page's bytes; fewer than all when not all of it is memory.</summary>
    private ReadOnlySpan<byte> GetPage(ulong page)
    {
        long generation = Generation.Value;
        if (_pagesGeneration != generation)
        {
            _pages.Clear();
            _pagesGeneration = generation;
        }

        if (_pages.TryGetValue(page, out ArraySegment<byte> bytes))
            return bytes;

        _ahead = page == _nextPage ? Math.Min(_ahead * 2, MostAhead) : 1;
        int size = (int)(CountReadable(page, (ulong)_ahead * PageSize) / PageSize * PageSize);
        if (size == 0)
            return [];

        byte[] pages = new byte[size];
        int read = _read(page, pages) / PageSize * PageSize;
        if (read == 0)
            return [];

        if (_pages.Count + (read / PageSize) > MaxPages)
            _pages.Clear();

        for (int offset = 0; offset < read; offset += PageSize)
            _pages[page + (ulong)offset] = new ArraySegment<byte>(pages, offset, PageSize);

        _nextPage = page + (ulong)read;
        return _pages[page];
    }

    /// <summary>Counts the bytes that are memory from an address on; at most <paramref name="most"/>.</summary>
    private ulong CountReadable(ulong address, ulong most)
    {
        int low = 0;
        int high = Blocks.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Blocks[middle].Start.Value <= address)
                low = middle + 1;
            else
                high = middle;
        }

        ulong count = 0;
        for (int i = Math.Max(0, low - 1); i < Blocks.Count && count < most; i++)
        {
            MemoryBlock block = Blocks[i];
            ulong at = unchecked(address + count);
            if (at < block.Start.Value || at - block.Start.Value >= block.Size)
                break;

            count += Math.Min(block.Size - (at - block.Start.Value), most - count);
        }

        return count;
    }
}
