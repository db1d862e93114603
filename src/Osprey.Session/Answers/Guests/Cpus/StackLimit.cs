using Osprey.Target.Unwinding;

namespace Osprey.Session.Answers.Guests.Cpus;

/// <summary>Leaves out the outer frames of a stack, of which only so many were asked for.</summary>
internal static class StackLimit
{
    /// <summary>Keeps the inner rows; functions that were inlined count.</summary>
    /// <param name="backtrace">The stack.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="limit">The most rows.</param>
    /// <returns>The stack, which says that there are more, and the rows that are left.</returns>
    public static (Backtrace Backtrace, IReadOnlyList<BacktraceRow> Rows) Apply(
        Backtrace backtrace,
        IReadOnlyList<BacktraceRow> rows,
        int limit
    ) =>
        rows.Count <= limit
            ? (backtrace, rows)
            : (
                backtrace with
                {
                    End = new BacktraceEnd(BacktraceEndKind.DepthLimit, rows[limit].Address),
                },
                [.. rows.Take(limit)]
            );
}
