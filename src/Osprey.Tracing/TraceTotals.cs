using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing;

/// <summary>What became of the records of this process.</summary>
/// <param name="Written">Records that were written to a ring.</param>
/// <param name="Overwritten">Those of them that newer ones have overwritten.</param>
/// <param name="Dropped">Records that were not written: all rings were in use, or no page holds so much.</param>
public readonly record struct TraceTotals(long Written, long Overwritten, long Dropped)
{
    internal static unsafe TraceTotals Take()
    {
        ulong written = 0;
        ulong overwritten = 0;
        for (int i = 0; i < TraceRings.Count; i++)
        {
            RingDescriptor* ring = TraceRings.Get(i);
            overwritten += Volatile.Read(ref ring->Overwritten); // first: it never counts more than what is written
            written += Volatile.Read(ref ring->Written);
        }

        return new TraceTotals((long)written, (long)overwritten, TraceRings.Dropped);
    }
}
