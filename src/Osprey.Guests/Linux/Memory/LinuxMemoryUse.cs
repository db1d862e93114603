using Osprey.Guests.Linux.Containers;
using Osprey.Guests.Memory;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Memory;

/// <summary>Reads what Linux's memory is used for, as <c>/proc/meminfo</c> computes it.</summary>
/// <remarks>
/// Nearly all of it is counters of pages. Buffers are the page cache of block devices, which the kernel has no counter
/// of: it adds up the pages of their inodes. What is available is an estimate of the kernel's
/// (<c>si_mem_available</c>): the free pages without its reserves, and the parts of the page cache and of reclaimable
/// slabs that can go before the zones come to their low watermarks.
/// </remarks>
internal static class LinuxMemoryUse
{
    private const int PageShift = 12;
    private const int MaxDevices = 1 << 14;

    /// <summary>Reads it.</summary>
    /// <exception cref="TargetException">The kernel's symbols or types are not known.</exception>
    public static GuestMemoryUse Read(GuestKernel kernel, CancellationToken cancellation)
    {
        LinuxVariables.GetType(kernel, "struct zone");
        var defects = new List<string>();
        var counters = new LinuxPageCounters(kernel);
        var parts = new List<GuestMemoryPart>();
        ulong? total = ReadNumber(kernel, "_totalram_pages") ?? ReadNumber(kernel, "totalram_pages"); // renamed in 5.0
        ulong? free = counters.Read("NR_FREE_PAGES");
        ulong? swapCache = counters.Read("NR_SWAPCACHE");
        ulong? buffers = ReadBuffers(kernel, defects);
        ulong? files = counters.Read("NR_FILE_PAGES");
        ulong? reclaimable = counters.Read("NR_SLAB_RECLAIMABLE_B", "NR_SLAB_RECLAIMABLE");
        ulong? unreclaimable = counters.Read("NR_SLAB_UNRECLAIMABLE_B", "NR_SLAB_UNRECLAIMABLE");
        Add("total", total, "what the kernel has, without what it took for itself when it booted");
        Add("free", free, "in nobody's use");
        Add("available", EstimateAvailable(), "what programs could get without swapping, by the kernel's estimate");
        Add("anonymous", counters.Read("NR_ANON_MAPPED", "NR_ANON_PAGES"), "memory of programs that is no file's");
        Add("cached", Minus(files, swapCache, buffers), "contents of files, shared memory and tmpfs included");
        Add("buffers", buffers, "contents of block devices: file systems' own data");
        Add("shared", counters.Read("NR_SHMEM"), "shared memory and tmpfs");
        Add("mapped", counters.Read("NR_FILE_MAPPED"), "contents of files that programs have mapped");
        Add("dirty", counters.Read("NR_FILE_DIRTY"), "contents of files that are to be written");
        Add("writeback", counters.Read("NR_WRITEBACK"), "contents of files that are being written");
        Add("slab", Plus(reclaimable, unreclaimable), "the kernel's own objects: osprey slab");
        Add("slab-reclaimable", reclaimable, "the part of them that it can free, such as caches of inodes");
        Add("kernel-stacks", ReadStacks(), "stacks of tasks in the kernel");
        Add("page-tables", counters.Read("NR_PAGETABLE"), "page tables of programs");
        Add(
            "vmalloc",
            ReadNumber(kernel, "nr_vmalloc_pages") ?? counters.Read("NR_VMALLOC"),
            "memory that is in one piece by page tables alone"
        );
        Add("percpu", Times("pcpu_nr_populated", "pcpu_nr_units"), "variables that each CPU has a copy of");
        Add("hugepages", LinuxHugePages.Read(kernel), "large pages that were set aside (hugetlb)");
        Add("swap", ReadNumber(kernel, "total_swap_pages"), "space on disk for memory of programs");
        Add("swap-free", ReadNumber(kernel, "nr_swap_pages"), "the part of it that is in nobody's use");
        Add("swap-cached", swapCache, "memory that is on disk as well");
        return new GuestMemoryUse(parts, defects);

        void Add(string name, ulong? pages, string description)
        {
            if (pages is { } number)
                parts.Add(new GuestMemoryPart(name, unchecked(number << PageShift), description));
            else if (name is "total" or "free" or "cached" or "slab")
                defects.Add($"{name} can't be read");
        }

        ulong? EstimateAvailable()
        {
            ulong? reserve = ReadNumber(kernel, "totalreserve_pages");
            GuestList<GuestMemoryZone> zones = LinuxZones.Read(kernel, cancellation);
            defects.AddRange(zones.Defects);
            ulong? cache = Plus(counters.Read("NR_ACTIVE_FILE"), counters.Read("NR_INACTIVE_FILE"));
            if (Minus(free, reserve) is not { } plain || cache is not { } pages || zones.Defects.Count > 0)
                return null;

            ulong low = 0;
            foreach (GuestMemoryZone zone in zones.Items)
                low = unchecked(low + (zone.Low >> PageShift));

            // Kernels before 5.0 have no such counter of other memory that can be freed.
            ulong slab = unchecked((reclaimable ?? 0) + (counters.Read("NR_KERNEL_MISC_RECLAIMABLE") ?? 0));
            return unchecked(plain + pages - Math.Min(pages / 2, low) + slab - Math.Min(slab / 2, low));
        }

        ulong? ReadStacks() =>
            counters.Read("NR_KERNEL_STACK_KB") is { } size
                ? size >> (PageShift - 10)
                : counters.Read("NR_KERNEL_STACK");

        ulong? Times(string pages, string factor) =>
            ReadNumber(kernel, pages) is { } number
            && kernel.FindSymbol(factor) is { } place
            && kernel.Values.Memory.TryReadUInt32(place, out uint units)
                ? unchecked(number * units)
                : null;
    }

    /// <summary>Adds up the pages of the inodes that block devices have in the file system of their own.</summary>
    private static ulong? ReadBuffers(GuestKernel kernel, List<string> defects)
    {
        IMemoryReader memory = kernel.Values.Memory;
        var super = new LinuxStruct(kernel, "struct super_block");
        var inode = new LinuxStruct(kernel, "struct inode");
        var mapping = new LinuxStruct(kernel, "struct address_space");
        if (
            super.Find("s_inodes") is not { } inodes
            || inode.Find("i_sb_list") is not { } node
            || inode.Find("i_mapping") is not { } contents
            || mapping.Find("nrpages") is not { } count
            || kernel.FindSymbol("blockdev_superblock") is not { } variable
            || !memory.TryReadUInt64(variable, out ulong devices)
            || devices == 0
        )
            return null;

        ulong pages = 0;
        ulong head = unchecked(devices + (ulong)inodes.Offset);
        var chain = new LinuxChain(memory, "block devices", MaxDevices, defects.Add);
        foreach (ulong device in chain.WalkRing(head, node.Offset))
        {
            if (contents.Read(memory, device) is > 0 and var at)
                pages = unchecked(pages + (count.Read(memory, at) ?? 0));
        }

        return pages;
    }

    private static ulong? ReadNumber(GuestKernel kernel, string variable) =>
        kernel.FindSymbol(variable) is { } place && kernel.Values.Memory.TryReadUInt64(place, out ulong number)
            ? number
            : null;

    private static ulong? Plus(ulong? one, ulong? other) => unchecked(one + other);

    /// <summary>Counters that are read one after the other may not fit: less than nothing is nothing.</summary>
    private static ulong? Minus(ulong? from, params ReadOnlySpan<ulong?> others)
    {
        foreach (ulong? other in others)
            from =
                from > (other ?? 0) ? from - (other ?? 0)
                : from is null ? null
                : 0;

        return from;
    }
}
