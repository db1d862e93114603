using Osprey.Guests.Linux.Containers;
using Osprey.Guests.Processes;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Files;

/// <summary>Reads files out of the page cache: the memory in which Linux keeps what it has read of files.</summary>
/// <remarks>
/// <para>
/// A file's <c>address_space</c> has its pages in an XArray (a radix tree before 4.20), by their number in the file.
/// Pages may lie in larger ones (folios): the array then leads to the first of them, and how far the wanted one is
/// behind it follows from the number that the first has itself. So neither the size of folios nor the way that the
/// array stores them needs to be known.
/// </para>
/// <para>
/// An entry is believed when the page says that it is of this file and has a number from which the wanted one can be
/// reached; again after the copy, since a guest that runs may give the page to somebody else. A page that is still
/// being read from the disk (not <c>PG_uptodate</c>) is not there.
/// </para>
/// </remarks>
internal sealed class LinuxPageCache
{
    private const int PageShift = 12;
    private const ulong MaxFolioPages = 1 << 18; // 1 GiB
    private const ulong DefaultPages = 0xffff_ea00_0000_0000; // vmemmap_base where it is not chosen at random
    private const ulong DefaultDirectMap = 0xffff_8880_0000_0000; // page_offset_base

    private readonly IMemoryReader _memory;
    private readonly LinuxXArray _arrays;
    private readonly LinuxField _mappedFile;
    private readonly LinuxField _fileMapping;
    private readonly LinuxField _pages;
    private readonly LinuxField _host;
    private readonly LinuxField _size;
    private readonly LinuxField _mapping;
    private readonly LinuxField _index;
    private readonly LinuxField _flags;
    private readonly int? _upToDate;
    private readonly ulong _pageSize;
    private readonly ulong _pagesStart;
    private readonly ulong _directMap;

    private LinuxPageCache(GuestKernel kernel, LinuxXArray arrays, ulong pageSize)
    {
        _memory = kernel.Values.Memory;
        _arrays = arrays;
        _pageSize = pageSize;
        _mappedFile = new LinuxStruct(kernel, "struct vm_area_struct").Require("vm_file");
        _fileMapping = new LinuxStruct(kernel, "struct file").Require("f_mapping");
        var space = new LinuxStruct(kernel, "struct address_space");
        _pages = space.Find("i_pages") ?? space.Require("page_tree"); // renamed in 4.17
        _host = space.Require("host");
        _size = new LinuxStruct(kernel, "struct inode").Require("i_size");
        var folio = new LinuxStruct(kernel, "struct folio"); // since 5.16
        LinuxStruct page = folio.Find("mapping") is not null ? folio : new LinuxStruct(kernel, "struct page");
        _mapping = page.Require("mapping");
        _index = page.Require("index");
        _flags = page.Require("flags");
        _upToDate = FindFlag(kernel);
        _pagesStart = Read(kernel, "vmemmap_base") ?? DefaultPages;
        _directMap = Read(kernel, "page_offset_base") ?? DefaultDirectMap;
    }

    /// <summary>Prepares to read; null when the kernel's types have no such thing.</summary>
    /// <exception cref="Target.TargetException">The kernel's types are not known, or not understood.</exception>
    public static LinuxPageCache? TryCreate(GuestKernel kernel) =>
        LinuxXArray.TryCreate(kernel) is { } arrays && new LinuxStruct(kernel, "struct page").Size is > 0 and var size
            ? new LinuxPageCache(kernel, arrays, size)
            : null;

    /// <summary>Finds the file of a mapping; null when there is none, or it can't be read.</summary>
    /// <param name="mapping">The address of its <c>struct vm_area_struct</c>.</param>
    public IGuestFile? Open(ulong mapping) =>
        ReadPointer(_mappedFile, mapping) is { } file
        && ReadPointer(_fileMapping, file) is { } space
        && ReadPointer(_host, space) is { } inode
        && _size.Read(_memory, inode) is { } size and <= long.MaxValue
            ? new CachedFile(this, space, size)
            : null;

    private bool TryReadPage(ulong space, ulong index, Span<byte> page)
    {
        ulong array = unchecked(space + (ulong)_pages.Offset);
        if (
            _arrays.Find(array, index) is not { } folio
            || ReadDistance(folio, space, index) is not { } distance
            || folio < _pagesStart
        )
            return false;

        ulong number = ((folio - _pagesStart) / _pageSize) + distance;
        return number <= ulong.MaxValue >> PageShift
            && _memory.TryRead(unchecked(_directMap + (number << PageShift)), page)
            && ReadDistance(folio, space, index) == distance;
    }

    /// <summary>
    /// The number of pages from a folio's first to the wanted one; null when it is not of the file, not read yet, or
    /// not the one that leads there.
    /// </summary>
    private ulong? ReadDistance(ulong folio, ulong space, ulong index) =>
        LinuxStruct.IsKernelAddress(folio)
        && _mapping.Read(_memory, folio) == space
        && _index.Read(_memory, folio) is { } first
        && index >= first
        && index - first < MaxFolioPages
        && (_upToDate is not { } bit || ((_flags.Read(_memory, folio) ?? 0) >> bit & 1) != 0)
            ? index - first
            : null;

    private ulong? ReadPointer(LinuxField field, ulong address) =>
        LinuxStruct.IsKernelAddress(address)
        && field.Read(_memory, address) is { } pointer
        && LinuxStruct.IsKernelAddress(pointer)
            ? pointer
            : null;

    private static ulong? Read(GuestKernel kernel, string variable) =>
        kernel.FindSymbol(variable) is { } address && kernel.Values.Memory.TryReadUInt64(address, out ulong value)
            ? value
            : null;

    private static int? FindFlag(GuestKernel kernel) =>
        kernel.Values.FindEnumerator("PG_uptodate") is { } flag
        && flag.TryReadInteger(out Int128 bit, out _)
        && bit >= 0
        && bit < 64
            ? (int)bit
            : null;

    private sealed class CachedFile(LinuxPageCache cache, ulong space, ulong size) : IGuestFile
    {
        public ulong Size => size;

        public bool TryReadPage(ulong index, Span<byte> page) => cache.TryReadPage(space, index, page);
    }
}
