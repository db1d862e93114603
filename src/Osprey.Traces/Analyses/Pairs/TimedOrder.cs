using System.Numerics;
using System.Runtime.InteropServices;

namespace Osprey.Traces.Analyses.Pairs;

/// <summary>Puts timed samples in order without moving them.</summary>
public static class TimedOrder
{
    private const int DigitBits = 16;
    private const int DigitValues = 1 << DigitBits;

    /// <summary>The rows' indexes in order; rows that are equal stay in theirs.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="by"><c>duration</c>, longest first; <c>time</c>, earliest first; null for the order that they have.</param>
    public static int[] Sort(List<TimedSample> rows, string? by)
    {
        int[] order = new int[rows.Count];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;

        if (by is null || order.Length == 0)
            return order;

        ReadOnlySpan<TimedSample> samples = CollectionsMarshal.AsSpan(rows);
        ulong[] keys = new ulong[order.Length];
        ulong longest = 0;
        foreach (ref readonly TimedSample sample in samples)
            longest = Math.Max(longest, sample.Nanoseconds);

        for (int i = 0; i < keys.Length; i++)
            keys[i] = by == "duration" ? longest - samples[i].Nanoseconds : samples[i].Time;

        return SortByKey(keys, order);
    }

    /// <summary>A radix sort, least digit first: stable, and one pass a digit that is in use.</summary>
    private static int[] SortByKey(ulong[] keys, int[] order)
    {
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
