using Osprey.Target.Memory;

namespace Osprey.Values.Containers;

/// <summary>Follows the pointers between the nodes of trees and lists.</summary>
internal static class NodeWalk
{
    /// <summary>Gives the addresses of a tree's nodes, lowest key first.</summary>
    /// <param name="walk">The walk, which limits the number of nodes.</param>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="root">The address of the root; 0 for an empty tree.</param>
    /// <param name="left">The offset in a node of the pointer to lower keys.</param>
    /// <param name="right">The offset in a node of the pointer to higher keys.</param>
    public static IEnumerable<ulong> InOrder(
        ElementWalk walk,
        IMemoryReader memory,
        ulong root,
        ulong left,
        ulong right
    )
    {
        var pending = new Stack<ulong>();
        ulong node = root;
        while (node != 0 || pending.Count > 0)
        {
            while (node != 0)
            {
                if (!walk.Enter(node))
                    yield break;

                pending.Push(node);
                if (!memory.TryReadUInt64(unchecked(node + left), out ulong lower))
                {
                    walk.FailUnreadable(node);
                    yield break;
                }

                node = lower;
            }

            ulong current = pending.Pop();
            if (!memory.TryReadUInt64(unchecked(current + right), out node))
            {
                walk.FailUnreadable(current);
                yield break;
            }

            yield return current;
        }
    }

    /// <summary>Gives the addresses of a list's nodes, up to its end.</summary>
    /// <param name="walk">The walk, which limits the number of nodes.</param>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="first">The address of the first node.</param>
    /// <param name="end">The address that follows the last node: the header's, or 0.</param>
    /// <param name="next">The offset in a node of the pointer to the next one.</param>
    public static IEnumerable<ulong> Linked(ElementWalk walk, IMemoryReader memory, ulong first, ulong end, ulong next)
    {
        ulong node = first;
        while (node != end)
        {
            if (node == 0)
            {
                walk.Fail("torn: the list ends before its header");
                yield break;
            }

            if (!walk.Enter(node))
                yield break;

            if (!memory.TryReadUInt64(unchecked(node + next), out ulong following))
            {
                walk.FailUnreadable(node);
                yield break;
            }

            yield return node;
            node = following;
        }
    }
}
