using System.Globalization;
using Osprey.Guests.Memory;
using Osprey.Symbols.Types;
using Osprey.Target.Memory;
using Osprey.Values;

namespace Osprey.Guests.Osv.Memory;

/// <summary>Tells what OSv's allocators say of an address of theirs.</summary>
/// <remarks>
/// Objects of up to a quarter of a page are packed from the end of a page, whose first bytes name the pool. Up to a
/// page, an allocation has a page of its own, about which nothing is kept. A larger one begins with the header of a
/// free
/// range: its size, and links that are empty while it is in use.
/// </remarks>
internal sealed class OsvHeap
{
    private const ulong PageSize = OsvFreeRanges.PageSize;
    private const ulong MaxScan = 512 * PageSize;
    private const ulong MinObject = 8;

    private readonly GuestKernel _kernel;
    private readonly Value? _pools;
    private readonly DebugType? _header;
    private readonly DebugType? _pool;
    private readonly DebugType? _range;

    public OsvHeap(GuestKernel kernel)
    {
        _kernel = kernel;
        _pools = kernel.FindVariable("memory::malloc_pools");
        _header = kernel.Values.FindType("memory::pool::page_header");
        _pool = kernel.Values.FindType("memory::pool");
        _range = kernel.Values.FindType("memory::page_range");
    }

    /// <summary>Finds the object of a pool; null when the page has no header of one.</summary>
    public GuestPlace? FindPooled(ulong address)
    {
        ulong page = address & ~(PageSize - 1);
        if (_header is null || _pool is null)
            return null;

        Value header = _kernel.Values.At(_header, page).Fetch();
        if (header.Member("owner")?.AsPointer() is not { } owner || header.Size is not { } headerSize)
            return null;

        ulong used = 0;
        if (
            owner == 0
            || _kernel.Values.At(_pool, owner).Member("_size")?.TryGetUInt64(out ulong size) != true
            || size < MinObject
            || size > PageSize - headerSize
            || header.Member("nalloc")?.TryGetUInt64(out used) == false
            || used > PageSize / size
        )
            return null;

        ulong first = page + PageSize - (((PageSize - headerSize) / size) * size);
        string pool = string.Create(CultureInfo.InvariantCulture, $"{NamePool(owner)} of {size} bytes each");
        if (address < first)
            return new GuestPlace(GuestPlaceKind.HeapObject, $"header of a page of {pool}", page, first - page);

        ulong start = first + ((address - first) / size * size);
        string state = IsFree(header, start, page, size) switch
        {
            true => "free object",
            false => "object in use",
            null => "object",
        };
        return new GuestPlace(GuestPlaceKind.HeapObject, $"{state} of {pool}", start, size);
    }

    /// <summary>
    /// Finds the header of a large block that reaches over an address; null when none is near enough before it.
    /// </summary>
    /// <param name="address">The address, in the main area.</param>
    /// <param name="lowest">The area's start.</param>
    /// <param name="free">The free ranges: a block reaches over none of them.</param>
    public GuestPlace? FindLarge(ulong address, ulong lowest, IReadOnlyList<GuestFreeRange> free)
    {
        if (_range is null)
            return null;

        ulong page = address & ~(PageSize - 1);
        ulong floor = Math.Max(lowest, page >= MaxScan ? page - MaxScan : 0);
        for (ulong at = page; at >= floor; at -= PageSize)
        {
            if (ReadBlockSize(at) is { } size)
            {
                // What a range left behind when it was handed out in parts is no header of a block.
                if (size > address - at && !free.Any(range => Overlaps(range, at, size)))
                    return new GuestPlace(GuestPlaceKind.HeapObject, "behind the header of a large block", at, size);
            }

            if (at < PageSize)
                break;
        }

        return null;
    }

    private static bool Overlaps(GuestFreeRange range, ulong address, ulong size) =>
        range.Address <= address ? address - range.Address < range.Size : range.Address - address < size;

    private ulong? ReadBlockSize(ulong address)
    {
        Value header = _kernel.Values.At(_range, address);
        if (
            header.Member("size")?.TryGetUInt64(out ulong size) != true
            || size < 2 * PageSize
            || size % PageSize != 0
            || size > ulong.MaxValue - address
            || header.Member("list_hook") is not { Address: { } links, Size: { } linksSize and <= 64 }
        )
            return null;

        Span<byte> bytes = stackalloc byte[(int)linksSize];
        // More than a page: smaller blocks have no header.
        return _kernel.Values.Memory.TryRead(links, bytes) && !bytes.ContainsAnyExcept((byte)0) ? size : null;
    }

    private string NamePool(ulong owner) =>
        _pools is { Address: { } start, Size: { } size } && owner >= start && owner - start < size
            ? "malloc's pool"
            : string.Create(CultureInfo.InvariantCulture, $"the pool at 0x{owner:x}");

    /// <summary>
    /// Looks for an object in the page's list of free ones; null when the list leads out of the page.
    /// </summary>
    private bool? IsFree(Value header, ulong start, ulong page, ulong size)
    {
        if (header.Member("local_free")?.AsPointer() is not { } next)
            return null;

        for (ulong count = 0; next != 0; count++)
        {
            if (next == start)
                return true;

            if (next < page || next >= page + PageSize || count > PageSize / size)
                return null;

            if (!_kernel.Values.Memory.TryReadUInt64(next, out next))
                return null;
        }

        return false;
    }
}
