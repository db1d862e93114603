using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Osprey.Cli.Rendering.Streams;

/// <summary>
/// Memory in pages of 2 MiB: where much of it is written once, taking small pages costs more than writing them.
/// </summary>
internal static partial class HugePages
{
    private const nint PageSize = 2 << 20;
    private const int Wanted = 14; // MADV_HUGEPAGE of Linux

    /// <summary>Makes an array whose whole huge pages are asked for. A kernel without them gives small ones.</summary>
    /// <param name="length">The number of elements, which hold anything.</param>
    public static T[] Allocate<T>(int length)
        where T : unmanaged
    {
        T[] array = GC.AllocateUninitializedArray<T>(length, pinned: true);
        nint start = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        nint first = (start + PageSize - 1) & -PageSize;
        nint end = (start + ((nint)length * Unsafe.SizeOf<T>())) & -PageSize;
        if (end > first && OperatingSystem.IsLinux())
            _ = Advise(first, end - first, Wanted);

        return array;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
