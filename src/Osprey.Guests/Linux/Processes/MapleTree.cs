using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Processes;

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
/// was met before, a depth that no tree has, and pivots that are out of order end that part of the walk.
/// </para>
/// </remarks>
internal sealed class MapleTree
{
    private const ulong NodeMask = 0xff;
    private const int NodeSize = 256;
    private const int TypeShift = 3;
    private const ulong TypeMask = 0xf;
    private const ulong Leaf = 1; // maple_leaf_64
    private const ulong Range = 2; // maple_range_64
    private const ulong Allocation = 3; // maple_arange_64
    private const ulong FirstPointer = 4096; // smaller values are marks of the tree's own
    private const int MaxDepth = 20; // more than 2^64 ranges in the worst case

    private readonly IMemoryReader _memory;
    private readonly LinuxField _pivots;
    private readonly LinuxField _slots;
    private readonly LinuxField _allocationPivots;
    private readonly LinuxField _allocationSlots;
    private readonly HashSet<ulong> _nodes = [];

    /// <exception cref="TargetException">The kernel's types have no such tree.</exception>
    public MapleTree(GuestKernel kernel)
    {
        _memory = kernel.Values.Memory;
        var range = new LinuxStruct(kernel, "struct maple_range_64");
        _pivots = range.Require("pivot");
        _slots = range.Require("slot");
        var allocation = new LinuxStruct(kernel, "struct maple_arange_64");
        _allocationPivots = allocation.Require("pivot");
        _allocationSlots = allocation.Require("slot");
    }

    /// <summary>The reason why the last walk did not meet all; null when it did.</summary>
    public string? Defect { get; private set; }

    /// <summary>Walks a tree from its lowest range to its highest.</summary>
    /// <param name="root">What <c>ma_root</c> has.</param>
    /// <param name="visit">Takes a range, first and last, and what is stored for it; false ends the walk.</param>
    public void Walk(ulong root, Func<ulong, ulong, ulong, bool> visit)
    {
        _nodes.Clear();
        Defect = null;
        if (IsNode(root))
            WalkNode(root, 0, ulong.MaxValue, 0, visit);
        else if (root >= FirstPointer)
            visit(0, 0, root);
    }

    private static bool IsNode(ulong entry) => (entry & 3) == 2 && entry >= FirstPointer;

    private bool WalkNode(ulong encoded, ulong first, ulong last, int depth, Func<ulong, ulong, ulong, bool> visit)
    {
        ulong node = encoded & ~NodeMask;
        ulong type = encoded >> TypeShift & TypeMask;
        byte[] copy = new byte[NodeSize];
        if (type is not (Leaf or Range or Allocation) || depth >= MaxDepth)
            return Fail("a node of the tree is none");

        if (!_nodes.Add(node))
            return Fail("the tree comes back to a node that it had before");

        if (!LinuxStruct.IsKernelAddress(node) || !_memory.TryRead(node, copy))
            return Fail("a node of the tree can't be read");

        if ((Word(copy, 0) & ~NodeMask) == node)
            return Fail("a node of the tree was replaced");

        (LinuxField pivots, LinuxField slots) =
            type == Allocation ? (_allocationPivots, _allocationSlots) : (_pivots, _slots);
        int pivotCount = pivots.Size / sizeof(ulong);
        int slotCount = Math.Min(slots.Size / sizeof(ulong), (NodeSize - slots.Offset) / sizeof(ulong));
        for (int i = 0; i < slotCount; i++)
        {
            ulong pivot = i < pivotCount ? Word(copy, pivots.Offset + (i * sizeof(ulong))) : last;
            ulong end = pivot == 0 && i > 0 ? last : pivot;
            if (end < first || end > last)
                return Fail("the ranges of the tree are out of order");

            ulong entry = Word(copy, slots.Offset + (i * sizeof(ulong)));
            bool goesOn =
                type != Leaf
                    ? WalkNode(entry, first, end, depth + 1, visit)
                    : entry < FirstPointer || visit(first, end, entry);
            if (!goesOn)
                return false;

            if (end == last)
                break;

            first = end + 1;
        }

        return true;
    }

    /// <summary>The rest may be whole: a part that is missing does not end the walk.</summary>
    private bool Fail(string defect)
    {
        Defect ??= defect;
        return true;
    }

    private static ulong Word(byte[] node, int offset) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(node.AsSpan(offset));
}
