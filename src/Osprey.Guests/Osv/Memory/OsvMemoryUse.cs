using Osprey.Guests.Memory;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Osv.Memory;

/// <summary>Reads what OSv's memory is used for.</summary>
internal static class OsvMemoryUse
{
    /// <summary>Reads the counters, and adds up what has none.</summary>
    public static GuestMemoryUse Read(GuestKernel kernel, CancellationToken cancellation)
    {
        var parts = new List<GuestMemoryPart>();
        var defects = new List<string>();
        ulong total = ReadCounter(kernel.GetVariable("memory::phys_mem_size"), "memory::phys_mem_size");
        parts.Add(new GuestMemoryPart("total", total, "memory that the machine has"));
        ulong? managed = FindCounter(kernel, "memory::total_memory");
        ulong? free = OsvFreeRanges.ReadFree(kernel);
        if (free is null)
        {
            // Before July 2014 nobody counted.
            GuestList<GuestFreeRange> ranges = OsvFreeRanges.Read(kernel, cancellation);
            free = ranges.Items.Aggregate(0UL, (sum, range) => unchecked(sum + range.Size));
            defects.AddRange(ranges.Defects);
        }

        if (managed > total)
            defects.Add("the kernel counts more memory in its allocator than the machine has");

        if (managed is { } all && all <= total)
        {
            parts.Add(
                new GuestMemoryPart("reserved", total - all, "never in the allocator: the kernel's image, boot data")
            );
        }

        parts.Add(new GuestMemoryPart("free", free.Value, "in free ranges of pages"));
        ulong limit = managed ?? total;
        if (free > limit)
            defects.Add("the kernel counts more free memory than it has");
        else
            parts.Add(new GuestMemoryPart("used", limit - free.Value, "handed out by the allocator of pages"));

        if (OsvPageCaches.Read(kernel, defects) is { } caches)
        {
            parts.Add(
                new GuestMemoryPart(
                    "caches",
                    unchecked(((ulong)caches.Pages.Count + caches.SharedCount) * OsvFreeRanges.PageSize),
                    "of the used: free pages that CPUs keep for the next requests"
                )
            );
        }

        AddMappings(kernel, parts, defects, cancellation);
        if (FindCounter(kernel, "memory::current_jvm_heap_memory") is > 0 and var heap)
            parts.Add(new GuestMemoryPart("jvm", heap, "of the used: heap of a Java virtual machine"));

        return new GuestMemoryUse(parts, defects);
    }

    private static void AddMappings(
        GuestKernel kernel,
        List<GuestMemoryPart> parts,
        List<string> defects,
        CancellationToken cancellation
    )
    {
        try
        {
            GuestList<GuestMapping> mappings = OsvMappings.Read(kernel, cancellation);
            defects.AddRange(mappings.Defects);
            ulong size = mappings.Items.Aggregate(0UL, (sum, mapping) => unchecked(sum + mapping.Size));
            parts.Add(
                new GuestMemoryPart("mmap", size, "address space of mappings; only pages that were touched need memory")
            );
        }
        catch (TargetException exception)
            when (exception.Problem is TargetProblem.NotConfigured or TargetProblem.NotUnderstood)
        {
            defects.Add($"mappings: {exception.Message}");
        }
    }

    private static ulong ReadCounter(Value value, string name) =>
        value.TryGetUInt64(out ulong number)
            ? number
            : throw new TargetException(TargetProblem.NotUnderstood, $"{name} can't be read");

    private static ulong? FindCounter(GuestKernel kernel, string name) =>
        kernel.FindVariable(name) is { } value && value.TryGetUInt64(out ulong number) ? number : null;
}
