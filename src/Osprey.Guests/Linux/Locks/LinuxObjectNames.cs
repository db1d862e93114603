using System.Globalization;
using Osprey.Guests.Linux.Memory;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Locks;

/// <summary>Names a place in an object of one of the kernel's caches: "inode.i_rwsem".</summary>
/// <remarks>
/// The page that an address is in leads to its cache. A cache of objects of one struct has its name, more or less;
/// which struct it is counts as known only when one of that name has the size of the cache's objects. For others, such
/// as <c>kmalloc-64</c>, the cache and the offset are told.
/// </remarks>
internal sealed class LinuxObjectNames
{
    private const int MaxDepth = 8;
    private const int PageShift = 12;

    private const ulong FirstMask = 0xffff_ffff_8000_0000; // above all pointers to pages

    private readonly GuestKernel _kernel;
    private readonly IMemoryReader _memory;
    private readonly Dictionary<ulong, (string Name, ulong Size, ulong ObjectSize)> _caches = [];
    private readonly ulong? _pages;
    private readonly ulong? _directMap;
    private readonly ulong? _pageSize;
    private readonly LinuxField? _head;
    private readonly LinuxField? _cache;

    /// <summary>Prepares to name places.</summary>
    public LinuxObjectNames(GuestKernel kernel)
    {
        _kernel = kernel;
        _memory = kernel.Values.Memory;
        _pages = ReadVariable("vmemmap_base");
        _directMap = ReadVariable("page_offset_base");
        var page = new LinuxStruct(kernel, "struct page");
        _pageSize = page.Size;
        _head = page.Find("compound_head") ?? page.Find("compound_info"); // renamed in 7.0
        _cache = new LinuxStruct(kernel, "struct slab").Find("slab_cache") ?? page.Find("slab_cache");
        try
        {
            foreach (var cache in LinuxSlabCaches.Read(kernel, default, countsFree: false).Items)
                _caches[cache.Address] = (cache.Name, cache.Size, cache.ObjectSize ?? 0);
        }
        catch (TargetException)
        {
            // Without caches there are no names.
        }
    }

    /// <summary>Names a place; null when it is in no object of a cache.</summary>
    public string? Find(ulong address)
    {
        if (
            _directMap is not { } start
            || _pages is not { } pages
            || _pageSize is not { } size
            || _cache is not { } field
            || address < start
            || FindHead(unchecked(pages + ((address - start) >> PageShift) * size)) is not { } head
            || field.Read(_memory, head) is not { } cache
            || !_caches.TryGetValue(cache, out (string Name, ulong Size, ulong ObjectSize) found)
        )
            return null;

        ulong slab = unchecked(start + ((head - pages) / size << PageShift));
        ulong offset = unchecked(address - slab) % found.Size;
        return FindStructure(found.Name, found.ObjectSize) is var (name, type)
            ? name + Describe(type, offset, 0)
            : string.Create(CultureInfo.InvariantCulture, $"({found.Name}+0x{offset:x})");
    }

    private ulong? FindHead(ulong page)
    {
        if (_head is not { } field || field.Read(_memory, page) is not { } word)
            return null;

        if ((word & 1) == 0)
            return page;

        // A pointer to the head; in 7.2, where their size is a power of 2, a mask for the head's address.
        return word >= FirstMask ? page & word : word & ~1UL;
    }

    private (string Name, DebugType Type)? FindStructure(string cache, ulong size)
    {
        foreach (string suffix in new[] { "", "_cache", "_cachep", "_inode_cache" })
        {
            if (!cache.EndsWith(suffix, StringComparison.Ordinal))
                continue;

            string stem = cache[..^suffix.Length];
            foreach (string name in new[] { stem, stem + "_struct", stem + "_inode_info", stem + "_inode", "inode" })
            {
                if (_kernel.Values.FindType("struct " + name) is { } type && _kernel.Values.GetSize(type) == size)
                    return (name, type);
            }
        }

        return null;
    }

    /// <summary>The members that lead to an offset, down to the lock itself.</summary>
    private string Describe(DebugType type, ulong offset, int depth)
    {
        if (depth >= MaxDepth || _kernel.Values.Resolve(type) is not CompoundType compound || IsLock(compound))
            return "";

        foreach (Member member in compound.Members)
        {
            ulong size = _kernel.Values.GetSize(member.Type) ?? 0;
            if (member.Bits is null && offset >= member.Offset && offset - member.Offset < size)
                return (member.Name is null ? "" : "." + member.Name)
                    + Describe(member.Type, offset - member.Offset, depth + 1);
        }

        return "";
    }

    private static bool IsLock(CompoundType type) =>
        LinuxLockKind.All.Any(kind => kind.Structure == "struct " + type.Name);

    private ulong? ReadVariable(string name) =>
        _kernel.FindSymbol(name) is { } place && _memory.TryReadUInt64(place, out ulong value) && value != 0
            ? value
            : null;
}
