using Osprey.Guests.Threads;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>Puts threads below their processes, and processes below those that made them.</summary>
internal static class ThreadTree
{
    private const int MaxDepth = 64;

    /// <summary>
    /// Orders rows as a tree. One whose process or parent is not among them begins a tree of its own; so does one of a
    /// circle, which only a torn list has.
    /// </summary>
    /// <param name="rows">The rows, in the order that those of one parent keep.</param>
    public static IReadOnlyList<ThreadRow> Order(IReadOnlyList<ThreadRow> rows)
    {
        var leaders = new HashSet<ulong>();
        foreach (ThreadRow row in rows.Where(row => row.State.Id == row.State.ProcessId))
            leaders.Add(row.State.Id);

        ILookup<ulong?, ThreadRow> children = rows.ToLookup(row => FindAbove(row.State, leaders));
        var ordered = new List<ThreadRow>(rows.Count);
        var seen = new HashSet<ulong>();
        var stack = new Stack<(ThreadRow Row, int Depth)>();
        foreach (ThreadRow root in children[null].Concat(rows))
        {
            stack.Push((root, 0));
            while (stack.TryPop(out (ThreadRow Row, int Depth) item))
            {
                GuestThreadState state = item.Row.State;
                if (!seen.Add(state.Address))
                    continue;

                ordered.Add(item.Row with { Depth = Math.Min(item.Depth, MaxDepth) });
                if (state.Id != state.ProcessId || state.Id == 0)
                    continue;

                foreach (ThreadRow child in children[state.Id].Reverse())
                    stack.Push((child, item.Depth + 1));
            }
        }

        return ordered;
    }

    /// <summary>The process that a row stands below; null when that is not there.</summary>
    private static ulong? FindAbove(GuestThreadState state, HashSet<ulong> leaders)
    {
        ulong? above = state.Id == state.ProcessId ? state.ParentId : state.ProcessId;
        return above is > 0 and var id && id != state.Id && leaders.Contains(id) ? id : null;
    }
}
