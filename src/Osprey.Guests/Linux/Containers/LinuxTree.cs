using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Containers;

/// <summary>Walks Linux's red-black trees (<c>struct rb_node</c>), in order.</summary>
internal static class LinuxTree
{
    private const int MaxDepth = 128;
    private const int RightOffset = 8;
    private const int LeftOffset = 16;

    /// <summary>Lists the addresses of a tree's nodes, the first in its order first.</summary>
    /// <param name="memory">The kernel's memory.</param>
    /// <param name="root">The address of the topmost node; 0 for an empty tree.</param>
    /// <param name="name">The elements in words, in the plural.</param>
    /// <param name="limit">The largest number of nodes that can be true.</param>
    /// <param name="addDefect">Told the reason when the tree is torn.</param>
    public static IEnumerable<ulong> Enumerate(
        IMemoryReader memory,
        ulong root,
        string name,
        int limit,
        Action<string> addDefect
    )
    {
        var seen = new HashSet<ulong>();
        var path = new Stack<ulong>();
        ulong node = root;
        while (node != 0 || path.Count > 0)
        {
            while (node != 0)
            {
                if (
                    !LinuxStruct.IsKernelAddress(node)
                    || node > ulong.MaxValue - LeftOffset - sizeof(ulong)
                    || path.Count >= MaxDepth
                    || !seen.Add(node)
                    || seen.Count > limit
                    || !memory.TryReadUInt64(node + LeftOffset, out ulong left)
                )
                {
                    addDefect($"{name}: the tree is torn or can't be read");
                    yield break;
                }

                path.Push(node);
                node = left;
            }

            ulong next = path.Pop();
            yield return next;
            if (!memory.TryReadUInt64(next + RightOffset, out node))
            {
                addDefect($"{name}: the tree can't be read further");
                yield break;
            }
        }
    }
}
