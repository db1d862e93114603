using System.Globalization;
using Osprey.Guests.Processes;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Memory.Search;

namespace Osprey.Session.Answers.Guests.Memory;

/// <summary>Searches the memory of one process of the guest, by the virtual addresses that the process has.</summary>
/// <remarks>
/// What the page tables of the process map is searched, in the order of its addresses: a match may go over pages that
/// are far apart in physical memory. The engine is that for physical memory; the process's addresses stand for physical
/// ones there. What is mapped and not present (never used, swapped out, or a page of a file that the process did not
/// touch) is not searched, and is counted.
/// </remarks>
internal static class ProcessSearch
{
    private const int RowSize = 16;
    private const int ShownBytes = 3 * RowSize;
    private const ulong PageMask = 0xfff;
    private const ulong UserHalfEnd = 1UL << 63;

    private static readonly PageTableMapOptions s_walk = new()
    {
        MaxTables = 1 << 14,
        MaxRanges = 1 << 20,
        Last = UserHalfEnd - 1,
        SplitWherePhysicalChanges = false,
    };

    /// <summary>Searches.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="process">The process: the number, address or name of one of its threads.</param>
    /// <param name="pattern">What is looked for.</param>
    /// <param name="options">The range, of virtual addresses, and how many matches are enough.</param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">There is no such process, or it has no memory.</exception>
    public static SearchAnswer Ask(
        GuestSession session,
        string process,
        MemoryPattern pattern,
        MemorySearchOptions options,
        QuestionContext context
    )
    {
        var processes = session.RequireAbility<IGuestProcesses>("it has no processes with memory of their own");
        var thread = session.FindThread(process);
        IReadOnlyList<GuestProcessMapping> maps = processes
            .ReadMaps(session.Kernel, thread, context.Cancellation)
            .Items;
        AddressSpace space = session.GetProcess(thread).Space;
        var present = new PageTableMap(session.Physical, space.Paging, s_walk);
        var memory = new PresentMemory(
            space.Memory,
            [
                .. present
                    .Enumerate(context.Cancellation)
                    .Where(range => maps.Any(map => map.Start < range.Last && range.Start < map.End))
                    .Select(range => new MemoryBlock(
                        new PhysicalAddress(range.Start),
                        range.Size,
                        MemoryBlockKind.Ram,
                        ""
                    )),
            ]
        );
        MemorySearchResult found = MemorySearch.Find(memory, pattern, options, context.Cancellation);
        SearchPlace[] places = [.. found.Matches.Select(match => Place(space.Memory, maps, match.Value))];
        ulong mapped = Sum(maps.Where(map => map.Start < UserHalfEnd).Select(map => map.Size));
        ulong searched = Sum(memory.Blocks.Select(block => block.Size));
        return new SearchAnswer(
            session.AccessWord,
            found with
            {
                Matches = [.. places.Select(place => place.Physical)],
                IsCutShort = found.IsCutShort || present.IsCutShort,
            },
            places
        )
        {
            AbsentBytes = mapped > searched ? mapped - searched : 0,
        };
    }

    private static SearchPlace Place(VirtualMemory memory, IReadOnlyList<GuestProcessMapping> maps, ulong address)
    {
        // The row before, where it is in the same page; rows behind may be in another one.
        ulong row = address & ~(ulong)(RowSize - 1);
        ulong start = (row & PageMask) >= RowSize ? row - RowSize : row;
        byte[] bytes = new byte[ShownBytes];
        int count = memory.Read(start, bytes);
        memory.TryTranslate(address, out PhysicalAddress physical);
        return new SearchPlace(
            physical,
            address,
            Describe(maps.FirstOrDefault(map => map.Start <= address && address < map.End), address),
            new PhysicalAddress(unchecked(physical.Value - (address - start))),
            bytes.AsMemory(0, count)
        );
    }

    private static string? Describe(GuestProcessMapping? map, ulong address) =>
        map switch
        {
            null => null,
            { Path: null } => string.Create(CultureInfo.InvariantCulture, $"the mapping at 0x{map.Start:x}"),
            { Inode: 0 } => map.Path,
            _ => string.Create(CultureInfo.InvariantCulture, $"{map.Path}+0x{map.Offset + (address - map.Start):x}"),
        };

    private static ulong Sum(IEnumerable<ulong> sizes) => sizes.Aggregate(0UL, (sum, size) => unchecked(sum + size));

    /// <summary>A process's memory as far as it is present, with its addresses in place of physical ones.</summary>
    private sealed class PresentMemory(VirtualMemory memory, IReadOnlyList<MemoryBlock> blocks) : IPhysicalMemory
    {
        public IReadOnlyList<MemoryBlock> Blocks => blocks;

        public int Read(PhysicalAddress address, Span<byte> buffer) => memory.Read(address.Value, buffer);
    }
}
