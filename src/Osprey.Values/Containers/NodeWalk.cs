using Osprey.Target.Memory;

namespace Osprey.Values.Containers;

/// <summary>Goes from node to node through trees and lists.</summary>
internal static class NodeWalk
{
    /// <summary>The addresses of the nodes below a root, lowest key first.</summary>
    /// <param name="walk">Bounds the walk.</param>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="root">The root; 0 for an empty tree.</param>
    /// <param name="left">Where the pointer to the lower keys is in a node.</param>
    /// <param name="right">Where that to the higher ones is.</param>
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

    /// <summary>The addresses of the nodes of a list, up to its end.</summary>
    /// <param name="walk">Bounds the walk.</param>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="first">The first node.</param>
    /// <param name="end">What stands behind the last one: the header, or 0.</param>
    /// <param name="next">Where the pointer to the next one is in a node.</param>
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
