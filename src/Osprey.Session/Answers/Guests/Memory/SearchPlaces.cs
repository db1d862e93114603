using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Session.Answers.Guests.Memory;

/// <summary>Finds what the matches of a search lie in.</summary>
/// <remarks>
/// Page tables lead from virtual addresses to physical ones. For the way back the tables of the selected address space
/// are walked once, and each range that they map is compared with all matches. The walk is bounded: what lies behind
/// its end has no virtual address in the answer. Many addresses may lead to one match, as those of the kernel's map of
/// all memory do: one with a symbol says the most.
/// </remarks>
public static class SearchPlaces
{
    private const int RowSize = 16;
    private const int ShownBytes = 3 * RowSize;

    /// <summary>Enough for 32 GiB in pages of 4 KiB, and for all memory in larger ones.</summary>
    private static readonly PageTableMapOptions s_walk = new() { MaxTables = 1 << 14, MaxRanges = 1 << 20 };

    /// <summary>Finds the places of matches.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="matches">The matches, lowest address first.</param>
    /// <param name="context">The wish to end early.</param>
    public static IReadOnlyList<SearchPlace> Find(
        GuestSession session,
        IReadOnlyList<PhysicalAddress> matches,
        QuestionContext context
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(matches);
        var virtualAddresses = new ulong?[matches.Count];
        var names = new string?[matches.Count];
        foreach (PageRange range in EnumerateRanges(session, matches.Count, context))
        {
            if (range.Physical is not { } start)
                continue;

            for (int i = FindFirst(matches, start.Value); i < matches.Count; i++)
            {
                ulong offset = matches[i].Value - start.Value;
                if (offset >= range.Size)
                    break;

                if (names[i] is not null)
                    continue;

                ulong address = unchecked(range.Start + offset);
                names[i] = session.NameAddress(address);
                if (names[i] is not null || virtualAddresses[i] is null)
                    virtualAddresses[i] = address;
            }
        }

        var places = new SearchPlace[matches.Count];
        for (int i = 0; i < places.Length; i++)
        {
            (PhysicalAddress start, ReadOnlyMemory<byte> bytes) = ReadAround(session.Physical, matches[i]);
            string? owner = names[i] ?? FindProgram(session, virtualAddresses[i]) ?? FindBlock(session, matches[i]);
            places[i] = new SearchPlace(matches[i], virtualAddresses[i], owner, start, bytes);
        }

        return places;
    }

    private static IEnumerable<PageRange> EnumerateRanges(GuestSession session, int matchCount, QuestionContext context)
    {
        if (matchCount == 0)
            return [];

        try
        {
            X64Paging paging = session.Selected.Space.Paging;
            return new PageTableMap(session.Physical, paging, s_walk).Enumerate(context.Cancellation);
        }
        catch (TargetException)
        {
            return []; // no registers: the physical addresses are right without them
        }
    }

    /// <summary>Finds the first match at an address or behind it.</summary>
    private static int FindFirst(IReadOnlyList<PhysicalAddress> matches, ulong address)
    {
        int low = 0;
        int high = matches.Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (matches[middle].Value < address)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static string? FindProgram(GuestSession session, ulong? address) =>
        session.Programs.Modules.FirstOrDefault(module => address >= module.Start && address < module.End)
            is { } program
            ? Path.GetFileName(program.Path)
            : null;

    private static string? FindBlock(GuestSession session, PhysicalAddress address) =>
        session.Target.Memory.Blocks.FirstOrDefault(block =>
            address.Value - block.Start.Value < block.Size && address.Value >= block.Start.Value
        )
            is { Name.Length: > 0 } found
            ? found.Name
            : null;

    /// <summary>Reads rows of 16 bytes, one before the match where there is one.</summary>
    private static (PhysicalAddress Start, ReadOnlyMemory<byte> Bytes) ReadAround(
        IPhysicalMemory memory,
        PhysicalAddress match
    )
    {
        var bytes = new byte[ShownBytes];
        ulong row = match.Value & ~(ulong)(RowSize - 1);
        foreach (ulong start in (ReadOnlySpan<ulong>)[row >= RowSize ? row - RowSize : row, row, match.Value])
        {
            int count = memory.Read(new PhysicalAddress(start), bytes);
            if ((ulong)count > match.Value - start)
                return (new PhysicalAddress(start), bytes.AsMemory(0, count));
        }

        return (match, default);
    }
}
