using System.Runtime.InteropServices;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.PageTables;

/// <summary>Finds Linux's page tables in RAM, where no register tells where they are.</summary>
/// <remarks>
/// <para>
/// A QEMU that another program asks, as libvirt does for as long as a guest runs, tells us no registers. But the last
/// entry of any top table leads to the kernel's image, in each process's tables as in the kernel's own
/// (<c>init_top_pgt</c>): to <c>level3_kernel_pgt</c>, whose entry 510 is for the addresses from
/// <c>__START_KERNEL_map</c> on. With five levels, <c>level4_kernel_pgt</c> is between. So each page of RAM is asked
/// for its last entry alone, and one that leads on in that way is a candidate.
/// </para>
/// <para>
/// A candidate is only that: whoever asked looks for a kernel through it. That tells the tables that user mode has for
/// itself (page-table isolation) apart, too, which lead to a few pages of the kernel and not to its image. When there
/// is a kernel, its own top table is looked for in its image: a page with the same last entry, no user memory, and the
/// kernel's direct map, which tables for the time of booting lack.
/// </para>
/// </remarks>
internal sealed class KernelPageTableSearch
{
    private const int PageSize = 4 << 10;
    private const int ChunkSize = 1 << 20;
    private const int Entries = 512;
    private const int Last = Entries - 1;
    private const int ImageEntry = 510; // of __START_KERNEL_map
    private const int MinKernelEntries = 3; // direct map, vmalloc, map of pages
    private const int MaxCandidates = 4096;
    private const ulong MaxPhysical = 1UL << 52; // architectural
    private const ulong Present = 1;
    private const ulong Large = 1 << 7;

    private readonly IPhysicalMemory _memory;
    private readonly MemoryBlock[] _ram;
    private readonly ulong[] _table = new ulong[Entries];

    /// <param name="memory">The guest's physical memory.</param>
    public KernelPageTableSearch(IPhysicalMemory memory)
    {
        _memory = memory;
        _ram = [.. memory.Blocks.Where(block => block.Kind != MemoryBlockKind.Rom)];
    }

    /// <summary>Gives address spaces that may be of a Linux kernel, one after the other.</summary>
    public IEnumerable<AddressSpace> ListCandidates()
    {
        // Thousands of processes have the same last entry; one that led to no kernel is not followed again.
        var followed = new HashSet<ulong>();
        foreach ((PhysicalAddress place, ulong last) in ListTables(0, ulong.MaxValue))
        {
            if (followed.Count >= MaxCandidates)
                yield break;

            if (followed.Add(last) && FindMode(last) is { } mode)
                yield return new AddressSpace(_memory, new X64Paging(mode, place), "found in memory");
        }
    }

    /// <summary>
    /// Gives the kernel's own address space for one of a process, or the same when its table is not found.
    /// </summary>
    /// <param name="space">A candidate that has the kernel.</param>
    /// <param name="image">Where the kernel's image begins.</param>
    public AddressSpace FindOwn(AddressSpace space, PhysicalAddress image)
    {
        if (ReadTable(space.Paging.Root.Value) is not { } top)
            return space;

        ulong last = top[Last];
        ulong end =
            image.Value > ulong.MaxValue - LinuxImage.MaxSize ? ulong.MaxValue : image.Value + LinuxImage.MaxSize;
        foreach ((PhysicalAddress place, ulong entry) in ListTables(image.Value, end))
        {
            if (
                entry == last
                && ReadTable(place.Value) is { } table
                && !table.AsSpan(0, Entries / 2).ContainsAnyExcept(0UL)
            )
                return space.WithRoot(place, "the kernel's own, found in memory");
        }

        return space;
    }

    /// <summary>Lists the pages in a range that can be top tables, with their last entries.</summary>
    private IEnumerable<(PhysicalAddress Place, ulong Last)> ListTables(ulong start, ulong end)
    {
        byte[] chunk = new byte[ChunkSize];
        foreach (MemoryBlock block in _ram)
        {
            ulong first = Math.Min(block.Start.Value, MaxPhysical);
            ulong behind = first + Math.Min(block.Size, MaxPhysical - first);
            if (start >= behind)
                continue;

            ulong from = (Math.Max(first, start) + PageSize - 1) & ~(PageSize - 1UL);
            ulong to = Math.Min(behind, end);
            for (ulong at = from; at < to; )
            {
                int wanted = (int)Math.Min(ChunkSize, to - at);
                int count = _memory.Read(new PhysicalAddress(at), chunk.AsSpan(0, wanted));
                ulong chunkStart = at;

                // Dumps leave pages out; what is behind them is there.
                at += count == wanted ? (ulong)count : ((ulong)count & ~(PageSize - 1UL)) + PageSize;
                for (int page = 0; page + PageSize <= count; page += PageSize)
                {
                    if (FindLast(chunk.AsSpan(page, PageSize)) is { } last)
                        yield return (new PhysicalAddress(chunkStart + (uint)page), last);
                }
            }
        }
    }

    /// <summary>The last entry of a page that can be a top table; null for any other page.</summary>
    private ulong? FindLast(ReadOnlySpan<byte> page)
    {
        ReadOnlySpan<ulong> table = MemoryMarshal.Cast<byte, ulong>(page);
        if (!IsTable(table[Last]))
            return null;

        int count = 0;
        foreach (ulong entry in table[(Entries / 2)..Last])
        {
            if ((entry & Present) != 0 && !IsTable(entry))
                return null;

            count += (entry & Present) != 0 ? 1 : 0;
        }

        return count >= MinKernelEntries ? table[Last] : null;
    }

    /// <summary>
    /// The kind of paging in which a top table's last entry leads to the kernel's image; null for none.
    /// </summary>
    private X64PagingMode? FindMode(ulong last)
    {
        if (ReadTable(last & X64Paging.TableBits) is not { } next)
            return null;

        if (IsTable(next[ImageEntry]))
            return X64PagingMode.FourLevel;

        return
            IsTable(next[Last])
            && ReadTable(next[Last] & X64Paging.TableBits) is { } third
            && IsTable(third[ImageEntry])
            ? X64PagingMode.FiveLevel
            : null;
    }

    private bool IsTable(ulong entry)
    {
        if ((entry & (Present | Large)) != Present)
            return false;

        ulong place = entry & X64Paging.TableBits;
        foreach (MemoryBlock block in _ram)
        {
            if (place >= block.Start.Value && place - block.Start.Value < block.Size)
                return true;
        }

        return false;
    }

    private ulong[]? ReadTable(ulong place)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(_table.AsSpan());
        return _memory.Read(new PhysicalAddress(place), bytes) == bytes.Length ? _table : null;
    }
}
