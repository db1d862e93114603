using System.Buffers.Binary;
using System.Numerics;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Containers;

/// <summary>Walks Linux's XArray, or the radix tree that it was before 4.20: entries by their index.</summary>
/// <remarks>
/// Each node has slots for six bits of an index, or four. An entry whose lowest two bits are 10 leads to a node (01 in
/// radix trees); one with the lowest bit set is a number and not a pointer. A walk ends at its limits of depth and of
/// nodes.
/// </remarks>
internal sealed class LinuxXArray
{
    private const int MaxDepth = 16;
    private const int MaxNodes = 1 << 18;
    private const ulong SmallestNode = 4096;
    private const ulong KindBits = 3;
    private const ulong NewNode = 2;
    private const ulong OldNode = 1;

    private readonly IMemoryReader _memory;
    private readonly LinuxField _head;
    private readonly LinuxField _slots;
    private readonly LinuxField _shift;
    private readonly ulong _nodeKind;

    private LinuxXArray(IMemoryReader memory, LinuxField head, LinuxField slots, LinuxField shift, ulong nodeKind)
    {
        _memory = memory;
        _head = head;
        _slots = slots;
        _shift = shift;
        _nodeKind = nodeKind;
    }

    /// <summary>Prepares to walk; null when the kernel's types have no such thing.</summary>
    public static LinuxXArray? TryCreate(GuestKernel kernel)
    {
        var array = new LinuxStruct(kernel, "struct xarray");
        bool isNew = array.Exists;
        var root = isNew ? array : new LinuxStruct(kernel, "struct radix_tree_root");
        var node = new LinuxStruct(kernel, isNew ? "struct xa_node" : "struct radix_tree_node");
        return
            (root.Find("xa_head") ?? root.Find("rnode")) is { } head
            && node.Find("slots") is { } slots
            && node.Find("shift") is { } shift
            ? new LinuxXArray(kernel.Values.Memory, head, slots, shift, isNew ? NewNode : OldNode)
            : null;
    }

    /// <summary>
    /// Finds the pointer at an index, or the one that stands for several indexes with this one among them.
    /// </summary>
    /// <param name="array">The array's address.</param>
    /// <param name="index">The index.</param>
    /// <returns>Null when there is none, it is a number, or the array can't be read.</returns>
    public ulong? Find(ulong array, ulong index)
    {
        ulong? entry = _head.Read(_memory, array);
        bool isTop = true;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        for (int depth = 0; depth < MaxDepth && entry is { } node && IsNode(node); depth++)
        {
            node &= ~KindBits;
            ulong count = (ulong)_slots.Size / sizeof(ulong);
            if (_shift.Read(_memory, node) is not { } shift || shift >= 64 || !BitOperations.IsPow2(count))
                return null;

            // The top says how many indexes there are; one below it has been reached by the bits above its own.
            ulong slot = index >> (int)shift;
            if (isTop && slot >= count)
                return null;

            isTop = false;
            slot &= count - 1;
            for (int i = 0; ; i++)
            {
                ulong place = unchecked(node + (ulong)_slots.Offset + (slot * sizeof(ulong)));
                if (!_memory.TryRead(place, bytes))
                    return null;

                entry = BinaryPrimitives.ReadUInt64LittleEndian(bytes);

                // A sibling has the number of the slot whose entry counts for it, too.
                bool isSibling = _nodeKind == NewNode && (entry & KindBits) == NewNode && entry < count << 2;
                if (!isSibling)
                    break;

                if (i > 0)
                    return null;

                slot = entry.Value >> 2;
            }
        }

        return entry is { } found and not 0 && (found & KindBits) == 0 ? found : null;
    }

    /// <summary>Lists the pointers of an array with their indexes.</summary>
    /// <param name="array">Its address.</param>
    /// <param name="name">The elements in words, in the plural.</param>
    /// <param name="addDefect">Told the reason when the array is torn.</param>
    public IEnumerable<(ulong Index, ulong Entry)> Enumerate(ulong array, string name, Action<string> addDefect)
    {
        if (_head.Read(_memory, array) is not { } first)
        {
            addDefect($"{name}: the array can't be read");
            yield break;
        }

        int nodes = 0;
        var pending = new Stack<(ulong Entry, ulong Index, int Depth)>();
        pending.Push((first, 0, 0));
        while (pending.TryPop(out (ulong Entry, ulong Index, int Depth) next))
        {
            if (!IsNode(next.Entry))
            {
                if ((next.Entry & KindBits) == 0 && next.Entry != 0)
                    yield return (next.Index, next.Entry);

                continue;
            }

            ulong node = next.Entry & ~KindBits;
            byte[] slots = new byte[_slots.Size];
            if (
                next.Depth >= MaxDepth
                || ++nodes > MaxNodes
                || _shift.Read(_memory, node) is not { } shift
                || shift >= 64
                || !_memory.TryRead(unchecked(node + (ulong)_slots.Offset), slots)
            )
            {
                addDefect($"{name}: the array is torn or can't be read");
                yield break;
            }

            for (int i = (slots.Length / sizeof(ulong)) - 1; i >= 0; i--)
            {
                ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(slots.AsSpan(i * sizeof(ulong)));
                if (entry != 0)
                    pending.Push((entry, next.Index | ((ulong)i << (int)shift), next.Depth + 1));
            }
        }
    }

    private bool IsNode(ulong entry) => (entry & KindBits) == _nodeKind && entry >= SmallestNode;
}
