using System.Numerics;
using Osprey.Guests.Memory;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv.Memory;

/// <summary>Lists OSv's free ranges of pages.</summary>
/// <remarks>
/// Since July 2014 they are in a <c>page_range_allocator</c>: list number k has those of 2^k pages and more, a tree has
/// the ones beyond the lists. Before, <c>free_page_ranges</c> itself was one tree. The header of a range is in its
/// first
/// bytes, and its last word points back to it, so that a walk can tell a range from garbage.
/// </remarks>
internal static class OsvFreeRanges
{
    /// <summary>The size of a page: OSv's allocator knows no other.</summary>
    public const ulong PageSize = 4096;

    private const int MaxRanges = 1 << 20;
    private const int MaxLists = 64;
    private const string Words = "free ranges";

    /// <summary>Lists the ranges, the largest first.</summary>
    public static GuestList<GuestFreeRange> Read(GuestKernel kernel, CancellationToken cancellation)
    {
        var areas = OsvAreas.Read(kernel);
        GuestList<GuestFreeRange> list = GuestWalk<GuestFreeRange>.Read(
            kernel,
            walk =>
            {
                Value ranges = kernel.GetVariable("memory::free_page_ranges");
                if (ranges.AsContainer() is ContainerView.Items)
                {
                    Visit(walk, ranges, areas, null);
                    return;
                }

                if (ranges.Member("_free_huge") is not { } tree || ranges.Member("_free") is not { } lists)
                    throw new TargetException(
                        TargetProblem.NotUnderstood,
                        "memory::free_page_ranges has neither the lists nor the tree of the kernels that are known"
                    );

                Visit(walk, tree, areas, null);
                int count = lists.ResolvedType is ArrayType { Count: { } length } ? (int)Math.Min(length, MaxLists) : 0;
                for (int order = 0; order < count; order++)
                {
                    if (lists.Index(order) is { } one)
                        Visit(walk, one, areas, order);
                }
            },
            cancellation,
            () => ReadFree(kernel) ?? 0,
            "the guest allocated or freed memory during each of the walks"
        );
        return list with
        {
            Items = [.. list.Items.OrderByDescending(range => range.Size).ThenBy(range => range.Address)],
        };
    }

    /// <summary>The kernel's own counter of free bytes; null when it has none.</summary>
    public static ulong? ReadFree(GuestKernel kernel) =>
        kernel.FindVariable("memory::free_memory")?.TryGetUInt64(out ulong free) == true ? free : null;

    private static void Visit(GuestWalk<GuestFreeRange> walk, Value ranges, OsvAreas areas, int? order) =>
        walk.Visit(ranges, Words, MaxRanges, element => ReadRange(element, areas, order));

    private static GuestFreeRange? ReadRange(Value header, OsvAreas areas, int? order)
    {
        if (
            header.Address is not { } address
            || header.Member("size")?.TryGetUInt64(out ulong size) != true
            || size == 0
            || size % PageSize != 0
            || address % PageSize != 0
            || size > ulong.MaxValue - address
        )
            return null;

        ulong last = address + size - sizeof(ulong);
        int found = BitOperations.Log2(size / PageSize);
        bool isWhole =
            (order ?? found) == found
            && Osprey.Target.Memory.MemoryReaderExtensions.TryReadUInt64(header.Space.Memory, last, out ulong back)
            && back == address;
        return isWhole ? new GuestFreeRange(address, size, areas.FindPhysical(address), found) : null;
    }
}
