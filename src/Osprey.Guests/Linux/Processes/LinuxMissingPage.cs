using System.Globalization;
using Osprey.Guests.Processes;
using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Processes;

/// <summary>Explains why a page of a process is not in memory, by its mapping and by what its entry has.</summary>
/// <remarks>
/// The entry of a page that was swapped out holds the number of the swap area in its upper 5 bits and, inverted since
/// 4.18 (arch/x86/include/asm/pgtable_64.h), the place in it. Numbers above those of real areas are for pages that are
/// being moved, that are broken, and other marks.
/// </remarks>
internal static class LinuxMissingPage
{
    private const ulong Present = 1;
    private const ulong NoPermission = 1 << 8; // _PAGE_PROTNONE
    private const int TypeBits = 5;
    private const int FirstOffsetBit = 9;

    /// <summary>Explains it; null when there is nothing to add to what the page tables say.</summary>
    public static string? Explain(GuestKernel kernel, GuestThreadState thread, ulong address, ulong? entry)
    {
        GuestList<GuestProcessMapping> maps;
        try
        {
            maps = LinuxMaps.Read(kernel, thread, CancellationToken.None);
        }
        catch (TargetException)
        {
            return null;
        }

        GuestProcessMapping? mapping = maps.Items.FirstOrDefault(item => item.Start <= address && address < item.End);
        if (mapping is null)
            return maps.Defects.Count == 0 ? "no mapping of the process has it" : null;

        string place = Describe(mapping, address);
        if (entry is null or 0)
            return mapping.Permissions == PagePermissions.None
                ? $"it is in {place}, which nobody may use (PROT_NONE)"
                : $"it is in {place}, and the page is not present: it was not used yet, or its memory was taken back";

        return (entry & (Present | NoPermission)) != 0
            ? null
            : $"it is in {place}, and {DescribeSwap(kernel, entry.Value)}";
    }

    private static string Describe(GuestProcessMapping mapping, ulong address) =>
        mapping switch
        {
            { Path: null } => string.Create(CultureInfo.InvariantCulture, $"the mapping at 0x{mapping.Start:x}"),
            { Inode: 0 } => $"the mapping {mapping.Path}",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"the mapping of {mapping.Path}, at 0x{mapping.Offset + (address - mapping.Start):x} of the file"
            ),
        };

    private static string DescribeSwap(GuestKernel kernel, ulong entry)
    {
        ulong type = entry >> (64 - TypeBits);
        ulong offset = ~entry << TypeBits >> (TypeBits + FirstOffsetBit);
        bool isArea =
            kernel.FindSymbol("nr_swapfiles") is not { } count
            || !kernel.Values.Memory.TryReadUInt32(count, out uint areas)
            || type < areas;
        return isArea
            ? string.Create(CultureInfo.InvariantCulture, $"the page is swapped out: area {type}, page {offset}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"the page is not present: its entry has a mark of the kernel's (0x{entry:x}), as of one that is moved"
            );
    }
}
