using Osprey.Session.Answers.Guests.Threads;

namespace Osprey.Session.Answers.Guests.Locks;

/// <summary>Says why a thread that ended is still there: who has to collect it, and what that one does.</summary>
internal static class EndedThread
{
    private const int MaxOthers = 5;

    /// <summary>Says it in a sentence.</summary>
    /// <param name="ended">The thread.</param>
    /// <param name="rows">All threads.</param>
    /// <param name="now">The guest's time in nanoseconds since boot; null when not known.</param>
    public static string Describe(ThreadRow ended, IReadOnlyList<ThreadRow> rows, long? now)
    {
        string start =
            $"thread {ended.State.Label} has ended ({ended.State.State})" + WhyAnswer.DescribeTime(ended, now);
        ThreadRow[] others =
        [
            .. rows.Where(row =>
                ended.State.ProcessId is { } process && row.State.ProcessId == process && !row.State.HasEnded
            ),
        ];
        if (ended.State.Id == ended.State.ProcessId && others.Length > 0)
            return start
                + ", and stays until the other threads of its process end, too: "
                + string.Join(", ", others.Take(MaxOthers).Select(row => row.State.Label))
                + (others.Length > MaxOthers ? $" and {others.Length - MaxOthers} more" : "");

        // The last thread of a process tells for all of it; any other one is collected by who traces it alone.
        if (ended.State.Id != ended.State.ProcessId)
            return start + ", and stays until who traces it collects it";

        ThreadRow? parent = rows.FirstOrDefault(row => row.State.Id == ended.State.ParentId);
        return parent is null
            ? start + ", and its parent, which is not known, has not collected it (wait)"
            : $"{start}, and its parent has not collected it (wait): "
                + $"thread {parent.State.Label} {WhyAnswer.Describe(parent, now)}";
    }
}
