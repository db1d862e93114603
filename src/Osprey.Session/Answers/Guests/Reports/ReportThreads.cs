using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;

namespace Osprey.Session.Answers.Guests.Reports;

/// <summary>The threads of a guest in a few numbers.</summary>
/// <param name="Count">The number of threads.</param>
/// <param name="States">The number of them in each state, most first.</param>
/// <param name="Waits">The threads that have waited longest for a lock, another thread or a semaphore.</param>
/// <param name="WaitCount">The number of threads that wait for such, those that are not in the list as well.</param>
/// <param name="Time">The guest's time in nanoseconds since boot; null when not known.</param>
internal sealed record ReportThreads(
    int Count,
    IReadOnlyList<(string State, int Count)> States,
    IReadOnlyList<ThreadRow> Waits,
    int WaitCount,
    long? Time
)
{
    /// <summary>The columns for a guest.</summary>
    public static Shape<ReportThreads> GetShape(GuestSession session) =>
        new Shape<ReportThreads>("threads")
            .Time("uptime", threads => (ulong?)threads.Time)
            .Integer("count", threads => threads.Count)
            .Map(
                "states",
                (threads, writer) =>
                {
                    foreach ((string state, int count) in threads.States)
                        writer.Integer(new Column(state, ColumnKind.Integer), count);
                }
            )
            .Integer("waitCount", threads => threads.WaitCount)
            .Records("longestWaits", threads => threads.Waits, () => ThreadRow.GetShape(session));
}
