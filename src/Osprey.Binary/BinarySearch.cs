namespace Osprey.Binary;

/// <summary>Searches in sorted arrays of addresses.</summary>
public static class BinarySearch
{
    /// <summary>Index of the last item that is not above <paramref name="value"/>; -1 when all are.</summary>
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
