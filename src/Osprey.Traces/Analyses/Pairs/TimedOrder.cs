namespace Osprey.Traces.Analyses.Pairs;

/// <summary>Puts timed samples in order without moving them.</summary>
public static class TimedOrder
{
    /// <summary>The rows' indexes in order; rows that are equal stay in theirs.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="by"><c>duration</c>, longest first; <c>time</c>, earliest first; null for the order that they have.</param>
    public static int[] Sort(IReadOnlyList<TimedSample> rows, string? by)
    {
        int[] order = new int[rows.Count];
        ulong[] keys = new ulong[rows.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
            keys[i] = by == "duration" ? ulong.MaxValue - rows[i].Nanoseconds : rows[i].Time;
        }

        if (by is null)
            return order;

        Array.Sort(keys, order);
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && keys[end] == keys[start]; end++)
            {
            }

            if (end - start > 1)
                Array.Sort(order, start, end - start);
        }

        return order;
    }
}
