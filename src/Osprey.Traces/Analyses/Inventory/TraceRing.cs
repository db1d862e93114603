using System.Numerics;

namespace Osprey.Traces.Analyses.Inventory;

/// <summary>The ring that a guest's CPU records into (trace-formats sections 1.3 and 1.4).</summary>
/// <remarks>
/// A record never crosses a page of the ring; what is left of the page is skipped. Since the oldest record that is read
/// back begins a page, the place of every later one follows from the sizes alone, and so does how much of the ring was
/// in use.
/// </remarks>
public static class TraceRing
{
    /// <summary>Size of the pages that records do not cross.</summary>
    public const int PageSize = 4096;

    private const int HeaderSize = 48;
    private const int BacktraceSize = 80;
    private const int PagesOfAll = 1024;
    private const int FewestPages = 256;

    /// <summary>Size of each CPU's ring in bytes.</summary>
    /// <param name="cpuCount">How many CPUs the guest has.</param>
    public static long CapacityFor(long cpuCount)
    {
        long rounded = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(cpuCount, 1));
        return PageSize * Math.Max(FewestPages, PagesOfAll / rounded);
    }

    /// <summary>Size in bytes that a record has in the ring.</summary>
    public static int SizeOfRecord(int frameCount, int payloadSize) =>
        (HeaderSize + (frameCount == 0 ? 0 : Math.Max(BacktraceSize, frameCount * sizeof(ulong))) + payloadSize + 7)
        & ~7;

    /// <summary>
    /// Where the ring's next record starts after one was written at <paramref name="position"/> or behind.
    /// </summary>
    public static long Advance(long position, int recordSize)
    {
        bool crossesPage = position / PageSize != (position + recordSize - 1) / PageSize;
        if (crossesPage)
            position = (position + PageSize - 1) / PageSize * PageSize;

        return position + recordSize;
    }
}
