using Osprey.Guests.Osv.Scheduling;
using Osprey.Symbols.Types;
using Osprey.Values;

namespace Osprey.Guests.Osv.Memory;

/// <summary>The free pages that OSv's CPUs keep beside the free ranges.</summary>
/// <remarks>
/// Each CPU has a stack of pages, <c>memory::page_pool::percpu_l1</c>; all CPUs share batches of pages in
/// <c>memory::page_pool::global_l2</c>. Kernels before July 2014 have <c>memory::percpu_page_buffer</c> only.
/// </remarks>
internal sealed class OsvPageCaches
{
    private const ulong MaxPages = 1 << 16;

    private OsvPageCaches(Dictionary<ulong, int> pages, ulong sharedCount)
    {
        Pages = pages;
        SharedCount = sharedCount;
    }

    /// <summary>The pages that CPUs keep for themselves, with the number of the CPU.</summary>
    public IReadOnlyDictionary<ulong, int> Pages { get; }

    /// <summary>The number of pages that all CPUs share.</summary>
    public ulong SharedCount { get; }

    /// <summary>Reads them; null when this kernel has none that are known.</summary>
    public static OsvPageCaches? Read(GuestKernel kernel, List<string> defects)
    {
        Value? variable = kernel.FindVariable("memory::page_pool::percpu_l1", "memory::percpu_page_buffer");
        if (variable?.Member("_var") is not { Address: { } offset } own)
            return null;

        var pages = new Dictionary<ulong, int>();
        foreach ((int number, Value cpu) in OsvCpuList.Enumerate(kernel))
        {
            if (cpu.Member("percpu_base")?.AsPointer() is not { } start)
                continue;

            Value cache = kernel.Values.At(own.Type, unchecked(start + offset));
            if (cache.ResolvedType is PointerType)
                cache = cache.Dereference();

            if (cache.Address is not 0 && !AddPages(pages, cache, number))
                defects.Add($"the page cache of CPU {number} can't be read");
        }

        return new OsvPageCaches(pages, ReadShared(kernel));
    }

    private static bool AddPages(Dictionary<ulong, int> pages, Value cache, int cpu)
    {
        cache = cache.Fetch();
        if (
            cache.Member("nr")?.TryGetUInt64(out ulong count) != true
            || count > MaxPages
            || cache.Member("_pages", "free") is not { } list
            || list.ResolvedType is not ArrayType { Count: { } capacity }
            || count > capacity
        )
            return false;

        for (long i = 0; i < (long)count; i++)
        {
            if (list.Index(i)?.AsPointer() is not { } page)
                return false;

            pages[page] = cpu;
        }

        return true;
    }

    private static ulong ReadShared(GuestKernel kernel)
    {
        Value? shared = kernel.FindVariable("memory::page_pool::global_l2");
        DebugType? batch = kernel.Values.FindType("memory::page_pool::page_batch");
        return
            shared?.Member("_nr")?.TryGetUInt64(out ulong batches) == true
            && batches <= MaxPages
            && kernel.Values.At(batch, 0).Member("pages")?.ResolvedType
                is ArrayType { Count: { } pages and <= MaxPages }
            ? batches * pages
            : 0;
    }
}
