using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.CoreFile;

/// <summary>
/// The segments of a core that name memory by virtual address, as QEMU writes them with <c>paging</c>.
/// </summary>
/// <remarks>
/// Several virtual ranges may lead to the same bytes, which are in the file once. Memory that the page tables map
/// nowhere keeps a segment whose virtual address is the physical one, so that nothing is lost.
/// </remarks>
internal static class VirtualSegments
{
    private const int MaxRanges = 1 << 20;

    /// <summary>Finds what page tables map, in ranges that are one piece virtually and physically.</summary>
    public static List<PageRange> Map(AddressSpace space, CancellationToken cancellation) =>
        Map(space, 0, ulong.MaxValue, cancellation);

    /// <summary>Finds what page tables map from one address to another, that included.</summary>
    public static List<PageRange> Map(AddressSpace space, ulong first, ulong end, CancellationToken cancellation)
    {
        var ranges = new List<PageRange>();
        var map = new PageTableMap(
            space.Physical,
            space.Paging,
            new PageTableMapOptions
            {
                Start = first,
                Last = end,
                MaxRanges = MaxRanges,
            }
        );
        foreach (PageRange range in map.Enumerate(cancellation))
        {
            if (
                ranges.Count > 0
                && ranges[^1] is { } last
                && unchecked(last.Start + last.Size) == range.Start
                && range.Start != 0
                && unchecked(last.Physical!.Value.Value + last.Size) == range.Physical!.Value.Value
            )
                ranges[^1] = last with { Size = last.Size + range.Size };
            else
                ranges.Add(range);
        }

        return ranges;
    }

    /// <summary>
    /// Makes segments of what is mapped and was written, and of what was written and is mapped nowhere.
    /// </summary>
    /// <param name="mapped">The ranges of <see cref="Map(AddressSpace, CancellationToken)"/>.</param>
    /// <param name="written">Memory in the file.</param>
    public static List<CoreSegment> Build(List<PageRange> mapped, List<CoreRange> written)
    {
        List<CoreRange> sorted = [.. written.OrderBy(range => range.Address)];
        var covered = new List<(ulong Start, ulong End)>();
        List<CoreSegment> segments = FindMapped(mapped, sorted, covered);
        covered.Sort();
        AddUncovered(sorted, covered, segments);
        return segments;
    }

    /// <summary>Makes segments of what is mapped and was written.</summary>
    /// <param name="mapped">The ranges of <see cref="Map(AddressSpace, CancellationToken)"/>.</param>
    /// <param name="sorted">Memory in the file, lowest address first.</param>
    /// <param name="covered">Takes the physical ranges of the segments.</param>
    public static List<CoreSegment> FindMapped(
        List<PageRange> mapped,
        List<CoreRange> sorted,
        List<(ulong Start, ulong End)> covered
    )
    {
        var segments = new List<CoreSegment>();
        foreach (PageRange range in mapped)
        {
            ulong start = range.Physical!.Value.Value;
            ulong end = range.Size > ulong.MaxValue - start ? ulong.MaxValue : start + range.Size;
            for (int i = FindFirst(sorted, start); i < sorted.Count && sorted[i].Address < end; i++)
            {
                CoreRange piece = sorted[i];
                ulong from = Math.Max(start, piece.Address);
                ulong to = Math.Min(end, piece.Address + piece.Size);
                if (from >= to)
                    continue;

                segments.Add(
                    new CoreSegment(
                        unchecked(range.Start + (from - start)),
                        from,
                        to - from,
                        piece.Offset + (long)(from - piece.Address)
                    )
                );
                covered.Add((from, to));
            }
        }

        return segments;
    }

    private static int FindFirst(List<CoreRange> sorted, ulong address)
    {
        int low = 0;
        int high = sorted.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle].Address + sorted[middle].Size <= address)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static void AddUncovered(
        List<CoreRange> sorted,
        List<(ulong Start, ulong End)> covered,
        List<CoreSegment> segments
    )
    {
        int next = 0;
        foreach (CoreRange piece in sorted)
        {
            ulong position = piece.Address;
            ulong end = piece.Address + piece.Size;
            while (position < end)
            {
                while (next < covered.Count && covered[next].End <= position)
                    next++;

                ulong gapEnd = next < covered.Count ? Math.Clamp(covered[next].Start, position, end) : end;
                if (gapEnd > position)
                    segments.Add(
                        new CoreSegment(
                            position,
                            position,
                            gapEnd - position,
                            piece.Offset + (long)(position - piece.Address)
                        )
                    );

                position = next < covered.Count ? Math.Max(gapEnd, Math.Min(covered[next].End, end)) : end;
            }
        }
    }
}
