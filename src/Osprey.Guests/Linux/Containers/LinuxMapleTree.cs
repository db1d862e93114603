using System.Buffers.Binary;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Containers;

/// <summary>Walks the kernel's maple trees, in which it keeps ranges of numbers (include/linux/maple_tree.h).</summary>
/// <remarks>
/// <para>
/// A pointer to a node has the node's type in bits 3 to 6, and nodes are aligned to 256 bytes. A node divides the range
/// that it stands for at its pivots: slot i is for what is above pivot i-1 up to pivot i. The last slot reaches to the
/// end of the node's range, and a pivot of 0 behind the first says that it is the last. Slots of leaves are what was
/// stored, those of other nodes are nodes.
/// </para>
/// <para>
/// The kernel replaces nodes rather than changing them; one that was replaced is its own parent. Such a node, one that
/// was met before, a depth that no tree has, and pivots that are out of order end that part of the walk; the rest may
/// be whole.
/// </para>
/// </remarks>
internal sealed class LinuxMapleTree
{
    private const ulong NodeMask = 0xff;
    private const int NodeSize = 256;
    private const int TypeShift = 3;
    private const ulong TypeMask = 0xf;
    private const ulong Leaf = 1; // maple_leaf_64
    private const ulong Range = 2; // maple_range_64
    private const ulong Allocation = 3; // maple_arange_64
    private const ulong FirstPointer = 4096; // smaller values are marks of the tree's own
    private const int MaxDepth = 31; // MAPLE_HEIGHT_MAX
    private const int MaxNodes = 1 << 18;

    private readonly IMemoryReader _memory;
    private readonly LinuxField _pivots;
    private readonly LinuxField _slots;
    private readonly LinuxField _allocationPivots;
    private readonly LinuxField _allocationSlots;

    /// <exception cref="TargetException">The kernel's types have no such tree.</exception>
    public LinuxMapleTree(GuestKernel kernel)
    {
        _memory = kernel.Values.Memory;
        var range = new LinuxStruct(kernel, "struct maple_range_64");
        _pivots = range.Require("pivot");
        _slots = range.Require("slot");
        var allocation = new LinuxStruct(kernel, "struct maple_arange_64");
        _allocationPivots = allocation.Require("pivot");
        _allocationSlots = allocation.Require("slot");
    }

    /// <summary>Lists what a tree has, from its lowest range to its highest.</summary>
    /// <param name="root">What <c>ma_root</c> has; null when it can't be read.</param>
    /// <param name="name">The elements in words, in the plural.</param>
    /// <param name="addDefect">Told the reason why a part of the tree was not walked.</param>
    public IEnumerable<LinuxMapleRange> Enumerate(ulong? root, string name, Action<string> addDefect)
    {
        if (root is not { } top)
        {
            addDefect($"{name}: the tree can't be read");
            yield break;
        }

        if (!IsNode(top))
        {
            if (top >= FirstPointer)
                yield return new LinuxMapleRange(0, 0, top);

            yield break;
        }

        var nodes = new HashSet<ulong>();
        var pending = new Stack<(LinuxMapleRange Node, int Depth)>();
        var slots = new List<LinuxMapleRange>();
        pending.Push((new LinuxMapleRange(0, ulong.MaxValue, top), 0));
        while (pending.TryPop(out (LinuxMapleRange Node, int Depth) next))
        {
            slots.Clear();
            string? defect =
                next.Depth >= MaxDepth || nodes.Count >= MaxNodes ? "it is larger than any tree"
                : GetType(next.Node.Entry) is not (Leaf or Range or Allocation) ? "a node is none"
                : !nodes.Add(next.Node.Entry & ~NodeMask) ? "it comes back to a node that it had before"
                : ReadNode(next.Node, slots);
            if (defect is not null)
                addDefect($"{name}: the tree is torn: {defect}");

            if (GetType(next.Node.Entry) == Leaf)
            {
                foreach (LinuxMapleRange slot in slots.Where(slot => slot.Entry >= FirstPointer))
                    yield return slot;
            }
            else
            {
                for (int i = slots.Count - 1; i >= 0; i--)
                    pending.Push((slots[i], next.Depth + 1));
            }
        }
    }

    private static bool IsNode(ulong entry) => (entry & 3) == 2 && entry >= FirstPointer;

    private static ulong GetType(ulong encoded) => encoded >> TypeShift & TypeMask;

    /// <summary>Adds a node's slots with their ranges.</summary>
    /// <returns>The reason why there are no more of them; null when these are all.</returns>
    private string? ReadNode(LinuxMapleRange range, List<LinuxMapleRange> read)
    {
        ulong node = range.Entry & ~NodeMask;
        ulong type = GetType(range.Entry);
        Span<byte> copy = stackalloc byte[NodeSize];
        if (!LinuxStruct.IsKernelAddress(node) || !_memory.TryRead(node, copy))
            return "a node can't be read";

        if ((Word(copy, 0) & ~NodeMask) == node)
            return "a node was replaced";

        (LinuxField pivots, LinuxField slots) =
            type == Allocation ? (_allocationPivots, _allocationSlots) : (_pivots, _slots);
        int pivotCount = Math.Min(pivots.Size, NodeSize - pivots.Offset) / sizeof(ulong);
        int slotCount = Math.Min(slots.Size, NodeSize - slots.Offset) / sizeof(ulong);
        ulong first = range.First;
        for (int i = 0; i < slotCount; i++)
        {
            ulong pivot = i < pivotCount ? Word(copy, pivots.Offset + (i * sizeof(ulong))) : range.Last;
            ulong last = pivot == 0 && i > 0 ? range.Last : pivot;
            if (last < first || last > range.Last)
                return "the ranges of a node are out of order";

            read.Add(new LinuxMapleRange(first, last, Word(copy, slots.Offset + (i * sizeof(ulong)))));
            if (last == range.Last)
                break;

            first = last + 1;
        }

        return null;
    }

    private static ulong Word(ReadOnlySpan<byte> node, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(node[offset..]);
}
