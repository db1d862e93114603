namespace Osprey.Guests.Osv.Memory;

/// <summary>OSv's linear maps: all physical memory, seen once for each of the kernel's allocators.</summary>
/// <remarks>
/// The bits of an address above 44 tell its area (<c>mmu::mem_area</c>), and so the allocator that it came from. Until
/// June 2014 there was one map, at <c>mmu::phys_mem</c>.
/// </remarks>
internal sealed class OsvAreas
{
    private const int AreaShift = 44;
    private const ulong AreaSize = 1UL << AreaShift;
    private const ulong UsualBase = 0x4000_0000_0000; // since October 2022
    private static readonly string[] s_names = ["main", "page", "mempool", "debug"];

    private readonly ulong _base;
    private readonly int _count;

    private OsvAreas(ulong start, int count)
    {
        _base = start;
        _count = count;
    }

    /// <summary>The first address of the area that large blocks and free ranges are seen in.</summary>
    public ulong Base => _base;

    /// <summary>Reads where the areas are.</summary>
    public static OsvAreas Read(GuestKernel kernel)
    {
        ulong start =
            kernel.FindVariable("mmu::main_mem_area_base", "mmu::phys_mem") is { } variable
            && variable.TryGetUInt64(out ulong found)
            && found != 0
                ? found
                : UsualBase;
        bool hasAreas = kernel.Values.FindType("mmu::mem_area") is not null;
        return new OsvAreas(start, hasAreas ? s_names.Length : 1);
    }

    /// <summary>Finds the name of the area that an address is in; null when it is in none.</summary>
    public string? FindName(ulong address) =>
        address >= _base && (address - _base) >> AreaShift < (ulong)_count
            ? s_names[(int)((address - _base) >> AreaShift)]
            : null;

    /// <summary>
    /// The physical address that an address leads to; null when it is in no area, or in that of the debugging
    /// allocator, which is not linear.
    /// </summary>
    public ulong? FindPhysical(ulong address) =>
        FindName(address) is null or "debug" ? null : (address - _base) & (AreaSize - 1);

    /// <summary>Lists the addresses of all areas that lead to a physical address.</summary>
    public IEnumerable<ulong> ListAliases(ulong physical)
    {
        for (int area = 0; area < _count && physical < AreaSize; area++)
        {
            if (s_names[area] != "debug")
                yield return unchecked(_base + ((ulong)area << AreaShift) + physical);
        }
    }
}
