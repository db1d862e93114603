using System.Buffers.Binary;
using System.Globalization;
using Osprey.Symbols.Modules;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Osv.Tracepoints;

/// <summary>The table of the places in OSv's code that hit tracepoints.</summary>
/// <remarks>
/// The section <c>.tracepoint_patch_sites</c> has a row of four words for each: the two of the tracepoint's identity,
/// as they stand in <c>tracepoint_base::id</c>, the address of an instruction of 5 bytes, and the address that it jumps
/// to when the tracepoint is active. Code is written by this table, so all of it is checked, not only the rows that are
/// needed: one row that can't be true makes the others doubtful.
/// </remarks>
internal sealed class OsvPatchSites
{
    private const int RowSize = 4 * sizeof(ulong);
    private const int MaxSites = 1 << 16;
    private const string Begin = "__tracepoint_patch_sites_start";
    private const string End = "__tracepoint_patch_sites_end";

    private readonly ILookup<UInt128, OsvPatchSite> _sites;

    private OsvPatchSites(IEnumerable<OsvPatchSite> sites) => _sites = sites.ToLookup(site => site.Id);

    /// <summary>Gives the places of a tracepoint, lowest address first.</summary>
    public IEnumerable<OsvPatchSite> Of(UInt128 id) => _sites[id];

    /// <summary>Reads the table.</summary>
    /// <exception cref="TargetException">The kernel has none, or a row of it can't be true.</exception>
    public static OsvPatchSites Read(GuestKernel kernel)
    {
        if (kernel.Symbols.FindSymbol(Begin) is not { } begin || kernel.Symbols.FindSymbol(End) is not { } end)
            throw new TargetException(
                TargetProblem.NotUnderstood,
                $"the places of the tracepoints in the kernel's code are not known: there is no symbol {Begin}"
            );

        return Read(begin, end, kernel.Values.Memory, kernel.FindModule(begin));
    }

    /// <summary>Reads a table.</summary>
    /// <param name="begin">Address of its first row.</param>
    /// <param name="end">Address behind its last row.</param>
    /// <param name="memory">The kernel's memory.</param>
    /// <param name="module">The kernel, whose code the rows lead to.</param>
    /// <exception cref="TargetException">A row can't be true.</exception>
    internal static OsvPatchSites Read(ulong begin, ulong end, IMemoryReader memory, Module? module)
    {
        ulong size = unchecked(end - begin);
        if (module is null || end < begin || size % RowSize != 0 || size / RowSize > MaxSites)
            throw Damaged(
                string.Create(CultureInfo.InvariantCulture, $"it goes from 0x{begin:x} to 0x{end:x}, which can't be")
            );

        byte[] table = new byte[(int)size];
        if (memory.Read(begin, table) != table.Length)
            throw Damaged("it can't be read");

        var sites = new OsvPatchSite[table.Length / RowSize];
        for (int i = 0; i < sites.Length; i++)
        {
            ReadOnlySpan<byte> row = table.AsSpan(i * RowSize, RowSize);
            sites[i] = new OsvPatchSite(
                BinaryPrimitives.ReadUInt128LittleEndian(row),
                BinaryPrimitives.ReadUInt64LittleEndian(row[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(row[24..])
            );
        }

        Array.Sort(sites, (a, b) => a.Address.CompareTo(b.Address));
        Check(sites, module, begin, end);
        return new OsvPatchSites(sites);
    }

    /// <summary>Makes sure that the rows can be true, whatever the code holds.</summary>
    private static void Check(OsvPatchSite[] sites, Module module, ulong begin, ulong end)
    {
        for (int i = 0; i < sites.Length; i++)
        {
            OsvPatchSite site = sites[i];
            bool isInside = module.Contains(site.Address) && module.Contains(site.SlowPath);
            if (!isInside || site.End > module.End || site.Distance is > int.MaxValue or < int.MinValue)
                throw Damaged(Describe(site) + ", which is not in the kernel's code");

            // The kernel's own way to write them asks for an even address.
            if (site.Address % 2 != 0 || (site.End > begin && site.Address < end))
                throw Damaged(Describe(site) + ", which is no place for it");

            if (i > 0 && sites[i - 1].End > site.Address)
                throw Damaged(Describe(site) + ", which overlaps another");
        }

        ulong[] addresses = [.. sites.Select(site => site.Address)];
        foreach (OsvPatchSite site in sites)
        {
            int index = Array.BinarySearch(addresses, site.SlowPath);
            int before = index >= 0 ? index : ~index - 1;
            if (before >= 0 && site.SlowPath < sites[before].End)
                throw Damaged(Describe(site) + ", and jumps into such a place");
        }
    }

    private static string Describe(OsvPatchSite site) =>
        string.Create(CultureInfo.InvariantCulture, $"a row has 0x{site.Address:x} and 0x{site.SlowPath:x}");

    private static TargetException Damaged(string reason) =>
        new(
            TargetProblem.NotUnderstood,
            $"the kernel's table of the places of its tracepoints is damaged, so nothing is written: {reason}"
        );
}
