using System.Runtime.InteropServices;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>
/// Linux's page-table isolation: user mode has page tables of its own, in which nearly all of the kernel is missing.
/// They lie one page behind those of the kernel.
/// </summary>
internal static class PageTableIsolation
{
    private const ulong UserTablesBit = 1UL << 12;
    private const ulong TableBits = 0x000f_ffff_ffff_f000;
    private const ulong Present = 1;

    /// <summary>Gives the tables of the kernel for those of user mode; the same for any other.</summary>
    public static AddressSpace GetKernelSpace(AddressSpace space)
    {
        ulong root = space.Paging.Root.Value;
        if ((root & UserTablesBit) == 0)
            return space;

        AddressSpace kernel = space.WithRoot(
            new PhysicalAddress(root & ~UserTablesBit),
            space.Origin + ", the kernel's half"
        );
        return IsUserHalf(space, kernel) ? kernel : space;
    }

    /// <summary>
    /// True when page tables are those of a program for the kernel, or those for user mode beside them.
    /// </summary>
    /// <param name="tables">The page tables in use.</param>
    /// <param name="kernel">The page tables that the kernel knows the program by.</param>
    public static bool IsEither(PhysicalAddress tables, PhysicalAddress kernel) =>
        tables == kernel || tables.Value == (kernel.Value | UserTablesBit);

    /// <summary>
    /// True when one space has the user's tables to another's: the same user memory, and less of the kernel. Without
    /// isolation the page before a table may hold anything.
    /// </summary>
    private static bool IsUserHalf(AddressSpace user, AddressSpace kernel)
    {
        ulong[]? own = ReadTop(user);
        ulong[]? other = ReadTop(kernel);
        if (own is null || other is null)
            return false;

        int common = 0;
        int missing = 0;
        for (int i = 0; i < own.Length; i++)
        {
            bool isOwn = (own[i] & Present) != 0;
            bool isOther = (other[i] & Present) != 0;
            bool isUserMemory = i < own.Length / 2;
            bool differs = isUserMemory
                ? isOwn != isOther || (isOwn && ((own[i] ^ other[i]) & TableBits) != 0)
                : isOwn && !isOther;
            if (differs)
                return false;

            common += isOwn && isUserMemory ? 1 : 0;
            missing += isOther && !isOwn ? 1 : 0;
        }

        return common > 0 && missing > 0;
    }

    private static ulong[]? ReadTop(AddressSpace space)
    {
        ulong[] table = new ulong[512];
        Span<byte> bytes = MemoryMarshal.AsBytes(table.AsSpan());
        return space.Physical.Read(space.Paging.Root, bytes) == bytes.Length ? table : null;
    }
}
