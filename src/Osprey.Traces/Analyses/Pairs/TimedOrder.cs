using System.Numerics;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>Puts rows in order without moving them.</summary>
public static class TimedOrder
{
    private const int DigitBits = 16;
    private const int DigitValues = 1 << DigitBits;

    /// <summary>The rows' indexes, longest first; rows that took equally long stay in their order.</summary>
    /// <param name="nanoseconds">How long each took; used as room to work in.</param>
    public static int[] ByDuration(Span<ulong> nanoseconds)
    {
        ulong longest = 0;
        foreach (ulong duration in nanoseconds)
            longest = Math.Max(longest, duration);

        foreach (ref ulong key in nanoseconds)
            key = longest - key;

        return SortByKey(nanoseconds);
    }

    /// <summary>The rows' indexes, earliest first; rows of the same time stay in their order.</summary>
    public static int[] ByTime(ReadOnlySpan<ulong> times) => SortByKey(times);

    /// <summary>A radix sort, least digit first: stable, and one pass a digit that is in use.</summary>
    private static int[] SortByKey(ReadOnlySpan<ulong> keys)
    {
        int[] order = new int[keys.Length];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;

        ulong used = 0;
        foreach (ulong key in keys)
            used |= key;

        int[] sorted = new int[order.Length];
        int[] starts = new int[DigitValues];
        for (int shift = 0; shift < BitOperations.Log2(used | 1) + 1; shift += DigitBits)
        {
            Array.Clear(starts);
            foreach (ulong key in keys)
                starts[(int)((key >> shift) & (DigitValues - 1))]++;

            int next = 0;
            for (int digit = 0; digit < starts.Length; digit++)
            {
                int count = starts[digit];
                starts[digit] = next;
                next += count;
            }

            foreach (int index in order)
                sorted[starts[(int)((keys[index] >> shift) & (DigitValues - 1))]++] = index;

            (order, sorted) = (sorted, order);
        }

        return order;
    }
}
