using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>Follows the rings that <c>struct list_head</c> makes.</summary>
/// <remarks>
/// A ring ends at its head; at a node that came before, that can't be read, or at the limit, it is torn.
/// </remarks>
internal static class LinuxRing
{
    /// <summary>Lists the addresses of a ring's nodes, without its head.</summary>
    /// <param name="memory">The kernel's memory.</param>
    /// <param name="head">The address of the head.</param>
    /// <param name="name">The elements in words, in the plural.</param>
    /// <param name="limit">The largest number of nodes that can be true.</param>
    /// <param name="addDefect">Told the reason when the ring is torn.</param>
    public static IEnumerable<ulong> Enumerate(
        IMemoryReader memory,
        ulong head,
        string name,
        int limit,
        Action<string> addDefect
    )
    {
        var seen = new HashSet<ulong>();
        if (!memory.TryReadUInt64(head, out ulong node))
        {
            addDefect($"{name}: the list can't be read");
            yield break;
        }

        while (node != head)
        {
            string? defect =
                !LinuxStruct.IsKernelAddress(node) || node % sizeof(ulong) != 0 ? "leads to what is no list"
                : !seen.Add(node) ? "runs in a circle"
                : seen.Count > limit ? $"has more than {limit} elements"
                : null;

            // The next one is read first: whoever is given the node may take long.
            if (defect is not null || !memory.TryReadUInt64(node, out ulong next))
            {
                addDefect($"{name}: the list {defect ?? "can't be read further"}");
                yield break;
            }

            yield return node;
            node = next;
        }
    }
}
