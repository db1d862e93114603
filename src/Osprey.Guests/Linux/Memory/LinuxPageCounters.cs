using Osprey.Symbols.Types;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Memory;

/// <summary>The kernel's counters of pages, by the names that its own enumerations give them.</summary>
/// <remarks>
/// A counter is an element of <c>vm_zone_stat</c> (<c>vm_stat</c> before 4.8) or of <c>vm_node_stat</c>; which one
/// tells the enumeration that has its name: counters went from the one to the other. CPUs keep small differences to
/// themselves, which <c>/proc/meminfo</c> leaves out as well, so that a counter may be negative for a while.
/// </remarks>
internal sealed class LinuxPageCounters(GuestKernel kernel)
{
    private const ulong MaxIndex = 1024;

    private readonly Dictionary<string, ulong?> _pages = [];

    /// <summary>Reads a counter by the names that it has had, newest first; null when the kernel has none.</summary>
    public ulong? Read(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (!_pages.TryGetValue(name, out ulong? pages))
                _pages[name] = pages = ReadOne(name);

            if (pages is not null)
                return pages;
        }

        return null;
    }

    /// <summary>Finds the position of a counter in its array; null when the kernel has no such enumerator.</summary>
    public ulong? FindIndex(string name) =>
        kernel.Values.FindEnumerator(name) is { } value && value.TryGetUInt64(out ulong index) && index < MaxIndex
            ? index
            : null;

    private ulong? ReadOne(string name)
    {
        if (kernel.Values.FindEnumerator(name) is not { } value || FindIndex(name) is not { } index)
            return null;

        bool isZone = TypeNames.Spell(value.Type).Contains("zone_stat_item", StringComparison.Ordinal);
        ulong? array = isZone
            ? kernel.FindSymbol("vm_zone_stat") ?? kernel.FindSymbol("vm_stat")
            : kernel.FindSymbol("vm_node_stat");
        if (
            array is not { } start
            || !kernel.Values.Memory.TryReadUInt64(unchecked(start + (index * sizeof(ulong))), out ulong pages)
        )
            return null;

        return unchecked((long)pages) < 0 ? 0 : pages;
    }
}
