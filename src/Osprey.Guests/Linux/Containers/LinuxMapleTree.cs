using System.Buffers.Binary;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Containers;

/// <summary>Walks Linux's maple tree (6.1 and later): entries by ranges of indexes.</summary>
/// <remarks>
/// A pointer to a node has the node's kind in bits 3 to 6; nodes begin at multiples of 256 bytes. A node has slots and,
/// between each two, a pivot: the last index of the slot before. The last slot ends where the node's own range does; a
/// pivot of 0 behind the first slot says the same of an earlier one. A walk ends at its limits of depth and of nodes.
/// </remarks>
internal sealed class LinuxMapleTree
{
    private const int MaxDepth = 31; // MAPLE_HEIGHT_MAX
    private const int MaxNodes = 1 << 18;
    private const ulong SmallestNode = 4096;
    private const ulong NodeMask = 255; // MAPLE_NODE_MASK
    private const int KindShift = 3; // MAPLE_NODE_TYPE_SHIFT
    private const ulong KindMask = 15;
    private const ulong Leaf = 1; // maple_leaf_64
    private const ulong Range = 2; // maple_range_64
    private const ulong Allocation = 3; // maple_arange_64

    private readonly IMemoryReader _memory;
    private readonly LinuxField _root;
    private readonly (LinuxField Pivots, LinuxField Slots) _range;
    private readonly (LinuxField Pivots, LinuxField Slots) _allocation;

    private LinuxMapleTree(
        IMemoryReader memory,
        LinuxField root,
        (LinuxField Pivots, LinuxField Slots) range,
        (LinuxField Pivots, LinuxField Slots) allocation
    )
    {
        _memory = memory;
        _root = root;
        _range = range;
        _allocation = allocation;
    }

    /// <summary>Prepares to walk; null when the kernel's types have no such thing.</summary>
    public static LinuxMapleTree? TryCreate(GuestKernel kernel)
    {
        var range = new LinuxStruct(kernel, "struct maple_range_64");
        var allocation = new LinuxStruct(kernel, "struct maple_arange_64");
        return
            new LinuxStruct(kernel, "struct maple_tree").Find("ma_root") is { } root
            && range.Find("pivot") is { } pivots
            && range.Find("slot") is { } slots
            && allocation.Find("pivot") is { } otherPivots
            && allocation.Find("slot") is { } otherSlots
            ? new LinuxMapleTree(kernel.Values.Memory, root, (pivots, slots), (otherPivots, otherSlots))
            : null;
    }

    /// <summary>Lists the entries of a tree, each with the first index of its range.</summary>
    /// <param name="tree">Its address.</param>
    /// <param name="name">The elements in words, in the plural.</param>
    /// <param name="addDefect">Told the reason when the tree is torn.</param>
    public IEnumerable<(ulong Index, ulong Entry)> Enumerate(ulong tree, string name, Action<string> addDefect)
    {
        if (_root.Read(_memory, tree) is not { } root)
        {
            addDefect($"{name}: the tree can't be read");
            yield break;
        }

        if ((root & 3) != 2 || root < SmallestNode)
        {
            if (root != 0)
                yield return (0, root);

            yield break;
        }

        int nodes = 0;
        var pending = new Stack<(ulong Node, ulong First, ulong Last, int Depth)>();
        pending.Push((root, 0, ulong.MaxValue, 0));
        while (pending.TryPop(out (ulong Node, ulong First, ulong Last, int Depth) next))
        {
            ulong kind = next.Node >> KindShift & KindMask;
            if (next.Depth >= MaxDepth || ++nodes > MaxNodes || ReadSlots(next.Node, kind) is not var (pivots, slots))
            {
                addDefect($"{name}: the tree is torn or can't be read");
                yield break;
            }

            var children = new List<(ulong Node, ulong First, ulong Last, int Depth)>();
            ulong first = next.First;
            for (int i = 0; i < slots.Length; i++)
            {
                ulong last = i < pivots.Length && (i == 0 || pivots[i] != 0) ? pivots[i] : next.Last;
                if (slots[i] != 0 && kind == Leaf)
                    yield return (first, slots[i]);
                else if (slots[i] != 0)
                    children.Add((slots[i], first, last, next.Depth + 1));

                if (last >= next.Last)
                    break;

                first = last + 1;
            }

            children.Reverse();
            foreach ((ulong Node, ulong First, ulong Last, int Depth) child in children)
                pending.Push(child);
        }
    }

    private (ulong[] Pivots, ulong[] Slots)? ReadSlots(ulong pointer, ulong kind)
    {
        ulong node = pointer & ~NodeMask;
        if (kind is not (Leaf or Range or Allocation))
            return null;

        (LinuxField pivots, LinuxField slots) = kind == Allocation ? _allocation : _range;
        return ReadArray(node, pivots) is { } first && ReadArray(node, slots) is { } second ? (first, second) : null;
    }

    private ulong[]? ReadArray(ulong node, LinuxField field)
    {
        byte[] bytes = new byte[field.Size];
        if (!_memory.TryRead(unchecked(node + (ulong)field.Offset), bytes))
            return null;

        ulong[] words = new ulong[bytes.Length / sizeof(ulong)];
        for (int i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)));

        return words;
    }
}
