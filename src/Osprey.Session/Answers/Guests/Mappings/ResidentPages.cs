using Osprey.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Architectures.X64;

namespace Osprey.Session.Answers.Guests.Mappings;

/// <summary>Counts how much of each mapping has pages, by the page tables.</summary>
internal static class ResidentPages
{
    /// <summary>Counts bytes in one pass through the tables.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="mappings">The mappings, lowest address first.</param>
    /// <param name="defects">Gets a reason where the tables could not be read to their end.</param>
    /// <param name="context">The wish to end early.</param>
    /// <returns>The bytes for each mapping; null where no page tables are known.</returns>
    public static ulong[]? Count(
        GuestSession session,
        IReadOnlyList<GuestMapping> mappings,
        List<string> defects,
        QuestionContext context
    )
    {
        var sizes = new ulong[mappings.Count];
        if (mappings.Count == 0)
            return sizes;

        X64Paging paging;
        try
        {
            paging = session.Vcpu.Space.Paging;
        }
        catch (TargetException)
        {
            return null; // no registers, and the kernel's variable is not known
        }

        var map = new PageTableMap(
            session.Physical,
            paging,
            new PageTableMapOptions
            {
                SplitWherePhysicalChanges = false,
                Start = mappings[0].Start,
                Last = mappings[^1].End - 1,
            }
        );
        int first = 0;
        foreach (PageRange range in map.Enumerate(context.Cancellation))
        {
            while (first < mappings.Count && mappings[first].End <= range.Start)
                first++;

            for (int i = first; i < mappings.Count && mappings[i].Start <= range.Last; i++)
            {
                ulong start = Math.Max(mappings[i].Start, range.Start);
                ulong last = Math.Min(mappings[i].End - 1, range.Last);
                if (last >= start)
                    sizes[i] = unchecked(sizes[i] + (last - start) + 1);
            }
        }

        if (map.IsCutShort)
            defects.Add("the page tables have more than can be counted");

        if (map.UnreadableTables > 0)
            defects.Add($"{map.UnreadableTables} page tables can't be read");

        return sizes;
    }
}
