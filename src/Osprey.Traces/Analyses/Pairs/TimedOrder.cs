using System.Numerics;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>Puts rows in order without moving them.</summary>
public static class TimedOrder
{
    private const int DigitBits = 11; // as many lists to write to as the caches of a core hold
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
    /// <param name="times">The time of each; used as room to work in.</param>
    public static int[] ByTime(Span<ulong> times) => SortByKey(times);

    /// <summary>A radix sort, least digit first: stable, and one pass a digit that is in use.</summary>
    private static int[] SortByKey(Span<ulong> keys)
    {
        ulong used = 0;
        foreach (ulong key in keys)
            used |= key;

        int keyBits = BitOperations.Log2(used | 1) + 1;
        int indexBits = BitOperations.Log2((uint)keys.Length | 1) + 1;
        int[] order = new int[keys.Length];
        if (keyBits + indexBits > 64)
        {
            // Times of centuries: as rare as they are slow.
            ulong[] copy = keys.ToArray();
            for (int i = 0; i < order.Length; i++)
                order[i] = i;
            Array.Sort(order, (a, b) => copy[a] != copy[b] ? copy[a].CompareTo(copy[b]) : a.CompareTo(b));
            return order;
        }

        // The key and its row in one number, so that each pass reads in order.
        Span<ulong> rows = keys;
        for (int i = 0; i < rows.Length; i++)
            rows[i] = (rows[i] << indexBits) | (uint)i;

        Span<ulong> sorted = GC.AllocateUninitializedArray<ulong>(keys.Length);
        int[] starts = new int[DigitValues];
        for (int shift = indexBits; shift < indexBits + keyBits; shift += DigitBits)
        {
            Array.Clear(starts);
            foreach (ulong row in rows)
                starts[(int)((row >> shift) & (DigitValues - 1))]++;

            int next = 0;
            for (int digit = 0; digit < starts.Length; digit++)
            {
                int count = starts[digit];
                starts[digit] = next;
                next += count;
            }

            foreach (ulong row in rows)
                sorted[starts[(int)((row >> shift) & (DigitValues - 1))]++] = row;

            Span<ulong> other = rows;
            rows = sorted;
            sorted = other;
        }

        for (int i = 0; i < order.Length; i++)
            order[i] = (int)(rows[i] & ((1UL << indexBits) - 1));
        return order;
    }
}
