using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Containers;

/// <summary>Walks the kernel's rings, chains and red-black trees; none goes on without an end.</summary>
/// <remarks>
/// A chain ends at a pointer that is 0 or odd: some of the kernel's chains end with a mark of their own
/// (<c>hlist_nulls</c>). A pointer that leads nowhere, or to what was met before, ends a walk with a defect.
/// </remarks>
/// <param name="memory">The kernel's memory.</param>
/// <param name="name">The elements in words, in the plural: "mounts".</param>
/// <param name="limit">The largest number of elements that can be true, of all walks together.</param>
/// <param name="addDefect">Takes the reason why a walk ended early.</param>
internal sealed class LinuxChain(IMemoryReader memory, string name, int limit, Action<string> addDefect)
{
    private const int MaxHeight = 128; // of a red-black tree: twice the bits of its size

    private readonly HashSet<ulong> _seen = [];

    /// <summary>Walks a ring of <c>list_head</c>.</summary>
    /// <param name="head">The address of the ring's head, which is no element.</param>
    /// <param name="offset">The place of the link in an element.</param>
    public IEnumerable<ulong> WalkRing(ulong head, int offset)
    {
        if (!TryReadPointer(head, out ulong link))
            yield break;

        while (link != head)
        {
            if (!IsNew(link))
                yield break;

            // The next one is read first: whoever is given the element may take long.
            ulong element = unchecked(link - (ulong)offset);
            if (!TryReadPointer(link, out link))
                yield break;

            yield return element;
        }
    }

    /// <summary>Walks a chain whose links begin with the pointer to the next.</summary>
    /// <param name="first">The first link; 0 or an odd number for none.</param>
    /// <param name="offset">The place of the link in an element.</param>
    public IEnumerable<ulong> WalkChain(ulong first, int offset)
    {
        ulong link = first;
        while (link != 0 && (link & 1) == 0)
        {
            if (!IsNew(link))
                yield break;

            ulong element = unchecked(link - (ulong)offset);
            if (!TryReadPointer(link, out link))
                yield break;

            yield return element;
        }
    }

    /// <summary>Walks a red-black tree in order.</summary>
    /// <param name="root">The node at its root; 0 for none, null when it can't be read.</param>
    /// <param name="left">The place of the pointer to the lower nodes.</param>
    /// <param name="right">The place of the pointer to the higher nodes.</param>
    /// <param name="offset">The place of the node in an element.</param>
    public IEnumerable<ulong> WalkTree(ulong? root, LinuxField? left, LinuxField? right, int offset)
    {
        if (root is not { } node || left is not { } lower || right is not { } higher)
        {
            addDefect($"{name}: the tree can't be read");
            yield break;
        }

        var path = new Stack<ulong>();
        while (node != 0 || path.Count > 0)
        {
            while (node != 0)
            {
                if (path.Count >= MaxHeight || !IsNew(node))
                    yield break;

                path.Push(node);
                if (!TryReadPointer(unchecked(node + (ulong)lower.Offset), out node))
                    yield break;
            }

            ulong found = path.Pop();
            yield return unchecked(found - (ulong)offset);
            if (!TryReadPointer(unchecked(found + (ulong)higher.Offset), out node))
                yield break;
        }
    }

    private bool IsNew(ulong link)
    {
        if (_seen.Count >= limit)
        {
            addDefect($"{name}: stopped after {limit}");
            return false;
        }

        if (_seen.Add(link))
            return true;

        addDefect($"the list of {name} is torn: it comes back to where it was before");
        return false;
    }

    private bool TryReadPointer(ulong address, out ulong pointer)
    {
        pointer = 0;
        if (LinuxStruct.IsKernelAddress(address) && memory.TryReadUInt64(address, out pointer))
            return true;

        addDefect($"the list of {name} is torn: what follows can't be read");
        return false;
    }
}
