using System.Numerics;

namespace Osprey.Traces.Analyses.Inventory;

/// <summary>The rings that a guest records into, one for each CPU.</summary>
/// <remarks>
/// A record never crosses a page of the ring; what is left of the page is skipped. Since the oldest record that is read
/// back begins a page, the place of every later one follows from the sizes alone, and so does the part of the ring that
/// was in use.
/// </remarks>
public sealed record TraceRing
{
    /// <summary>Size of the pages that records do not cross; a power of two.</summary>
    public required int PageSize { get; init; }

    /// <summary>Size in bytes of a record without backtrace and arguments.</summary>
    public required int HeaderSize { get; init; }

    /// <summary>The least bytes that a backtrace takes.</summary>
    public required int BacktraceSize { get; init; }

    /// <summary>The pages of all CPUs' rings together.</summary>
    public required int PagesOfAll { get; init; }

    /// <summary>The least pages of one CPU's ring, however many CPUs there are.</summary>
    public required int FewestPages { get; init; }

    /// <summary>Computes the size of each CPU's ring in bytes.</summary>
    /// <param name="cpuCount">The number of CPUs that the guest has.</param>
    public long CapacityFor(long cpuCount)
    {
        long rounded = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(cpuCount, 1));
        return PageSize * Math.Max(FewestPages, PagesOfAll / rounded);
    }

    /// <summary>Computes the size in bytes that a record has in the ring.</summary>
    public int SizeOfRecord(int frameCount, int payloadSize) =>
        (HeaderSize + (frameCount == 0 ? 0 : Math.Max(BacktraceSize, frameCount * sizeof(ulong))) + payloadSize + 7)
        & ~7;

    /// <summary>
    /// Computes where the next record starts after one was written at <paramref name="position"/> or behind.
    /// </summary>
    public long Advance(long position, int recordSize)
    {
        long page = ~(PageSize - 1L);
        bool crossesPage = (position & page) != ((position + recordSize - 1) & page);
        if (crossesPage)
            position = (position + PageSize - 1) & page;

        return position + recordSize;
    }
}
