namespace Osprey.Binary;

/// <summary>Searches in sorted arrays of addresses.</summary>
public static class BinarySearch
{
    /// <summary>
    /// Returns the index of the last item that is at most <paramref name="value"/>; -1 when all items are larger.
    /// </summary>
    public static int FindLastNotAbove(ReadOnlySpan<ulong> sorted, ulong value)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (sorted[middle] <= value)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }
}
