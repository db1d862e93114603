using Osprey.Guests.Memory;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Memory;

/// <summary>Reads the zones of Linux's memory, as <c>/proc/zoneinfo</c> shows them.</summary>
/// <remarks>
/// Each node of memory is a <c>pglist_data</c> with zones in an array; <c>node_data</c> leads to the nodes, and a
/// kernel without nodes has <c>contig_page_data</c> alone. Zones without pages are left out.
/// </remarks>
internal static class LinuxZones
{
    private const int MaxNodes = 1024;
    private const ulong MaxZones = 16;
    private const int MaxName = 32;
    private const int PageShift = 12;
    private const int Watermarks = 3;

    /// <summary>Reads the zones, node by node.</summary>
    /// <exception cref="TargetException">The kernel's nodes or zones are not understood.</exception>
    public static GuestList<GuestMemoryZone> Read(GuestKernel kernel, CancellationToken cancellation)
    {
        var node = new LinuxStruct(kernel, "struct pglist_data");
        var zone = new LinuxStruct(kernel, "struct zone");
        LinuxField zones = node.Require("node_zones");
        ulong size =
            zone.Size ?? throw new TargetException(TargetProblem.NotUnderstood, "the kernel's struct zone has no size");
        return GuestWalk<GuestMemoryZone>.Read(
            kernel,
            walk =>
            {
                foreach (ulong address in ListNodes(kernel, walk.AddDefect))
                {
                    int count = (int)Math.Min((ulong)zones.Size / size, MaxZones);
                    for (int i = 0; i < count; i++)
                    {
                        ulong place = unchecked(address + (ulong)zones.Offset + ((ulong)i * size));
                        if (zone.Read(place, "present_pages") is not > 0)
                            continue;

                        if (ReadZone(kernel, zone, place, node.Read(address, "node_id") ?? 0) is { } read)
                            walk.Add(read);
                        else
                            walk.AddDefect($"the zone at 0x{place:x} can't be read");
                    }
                }
            },
            cancellation
        );
    }

    private static GuestMemoryZone? ReadZone(GuestKernel kernel, LinuxStruct zone, ulong address, ulong node)
    {
        IMemoryReader memory = kernel.Values.Memory;
        string? name = LinuxText.ReadName(memory, zone.Read(address, "name"), MaxName);
        LinuxField? marks = zone.Find("_watermark") ?? zone.Find("watermark"); // renamed in 5.0
        LinuxField? counters = zone.Find("vm_stat");
        ulong index = new LinuxPageCounters(kernel).FindIndex("NR_FREE_PAGES") ?? 0;
        if (name is null || marks is not { } levels || counters is not { } numbers)
            return null;

        ulong boost = zone.Read(address, "watermark_boost") ?? 0;
        Span<ulong> watermarks = stackalloc ulong[Watermarks];
        for (int i = 0; i < Watermarks; i++)
        {
            if (!memory.TryReadUInt64(At(levels, (ulong)i), out ulong mark))
                return null;

            watermarks[i] = unchecked(mark + boost);
        }

        if (!memory.TryReadUInt64(At(numbers, index), out ulong free))
            return null;

        return new GuestMemoryZone(node, name)
        {
            Free = ToBytes(unchecked((long)free) < 0 ? 0 : free),
            Min = ToBytes(watermarks[0]),
            Low = ToBytes(watermarks[1]),
            High = ToBytes(watermarks[2]),
            Spanned = ToBytes(zone.Read(address, "spanned_pages") ?? 0),
            Present = ToBytes(zone.Read(address, "present_pages") ?? 0),
            Managed = ToBytes(zone.Read(address, "managed_pages") ?? 0),
            Address = address,
        };

        ulong At(LinuxField array, ulong position) =>
            unchecked(address + (ulong)array.Offset + (position * sizeof(ulong)));
    }

    private static IEnumerable<ulong> ListNodes(GuestKernel kernel, Action<string> addDefect)
    {
        if (kernel.FindSymbol("node_data") is not { } array)
        {
            yield return LinuxVariables.GetAddress(kernel, "contig_page_data");
            yield break;
        }

        int count =
            kernel.FindSymbol("nr_node_ids") is { } place && kernel.Values.Memory.TryReadUInt32(place, out uint number)
                ? (int)Math.Min(number, MaxNodes)
                : 1;
        for (int i = 0; i < count; i++)
        {
            if (!kernel.Values.Memory.TryReadUInt64(unchecked(array + ((ulong)i * sizeof(ulong))), out ulong node))
                addDefect($"node {i} can't be read");
            else if (node != 0)
                yield return node;
        }
    }

    private static ulong ToBytes(ulong pages) => unchecked(pages << PageShift);
}
