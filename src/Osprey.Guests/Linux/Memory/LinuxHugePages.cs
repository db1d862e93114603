using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Memory;

/// <summary>Counts the large pages that Linux set aside (hugetlb), of all sizes.</summary>
internal static class LinuxHugePages
{
    private const uint MaxSizes = 16;

    /// <summary>Counts them in pages of the usual size; null when the kernel has none.</summary>
    public static ulong? Read(GuestKernel kernel)
    {
        IMemoryReader memory = kernel.Values.Memory;
        var state = new LinuxStruct(kernel, "struct hstate");
        if (
            state.Size is not { } size
            || kernel.FindSymbol("hstates") is not { } array
            || kernel.FindSymbol("hugetlb_max_hstate") is not { } place
            || !memory.TryReadUInt32(place, out uint count)
            || count > MaxSizes
        )
            return null;

        ulong pages = 0;
        for (ulong i = 0; i < count; i++)
        {
            ulong at = unchecked(array + (i * size));
            if (
                state.Read(at, "order") is not { } order
                || order >= 32
                || state.Read(at, "nr_huge_pages") is not { } number
            )
                return null;

            pages = unchecked(pages + (number << (int)order));
        }

        return pages;
    }
}
