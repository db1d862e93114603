namespace Osprey.Binary;

/// <summary>
/// A stable merge sort, written here so that it is compiled ahead of time, as <see cref="ArrayBuilder{T}"/> is.
/// </summary>
internal static class StableSort
{
    /// <summary>
    /// Sorts in ascending order; equal items keep their order. An array that is nearly sorted costs little.
    /// </summary>
    public static void Sort<T>(T[] items)
        where T : IComparable<T> => Sort(items, new T[items.Length]);

    /// <summary>Sorts with memory that is there already.</summary>
    /// <param name="items">The items.</param>
    /// <param name="other">Room for as many; what stands there afterwards means nothing.</param>
    public static void Sort<T>(Span<T> items, Span<T> other)
        where T : IComparable<T>
    {
        for (long size = 1; size < items.Length; size *= 2)
        {
            for (long low = 0; low < items.Length - size; low += 2 * size)
            {
                int middle = (int)(low + size);
                int high = (int)Math.Min(low + (2 * size), items.Length);
                if (items[middle - 1].CompareTo(items[middle]) > 0)
                    Merge(items, other, (int)low, middle, high);
            }
        }
    }

    private static void Merge<T>(Span<T> items, Span<T> other, int low, int middle, int high)
        where T : IComparable<T>
    {
        items[low..middle].CopyTo(other[low..]);
        int left = low;
        int right = middle;
        int to = low;
        while (left < middle)
        {
            if (right < high && items[right].CompareTo(other[left]) < 0)
                items[to++] = items[right++];
            else
                items[to++] = other[left++];
        }
    }
}
