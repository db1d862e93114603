using Osprey.Guests.Threads;
using Osprey.Session.Answers.Guests.Threads;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Locks;

/// <summary>
/// The answer to: which locks do threads wait for, who holds them, and who waits for whom in a circle?
/// </summary>
/// <param name="Locks">The locks, the one with the most waiters first.</param>
/// <param name="Unknown">Threads that wait for a lock that was not found.</param>
/// <param name="Deadlocks">Each circle of threads that wait for each other, in words.</param>
/// <param name="Defects">The reasons why threads may be missing, in words.</param>
public sealed record LocksAnswer(
    IReadOnlyList<LockRow> Locks,
    IReadOnlyList<ThreadRow> Unknown,
    IReadOnlyList<string> Deadlocks,
    IReadOnlyList<string> Defects
)
{
    /// <summary>Finds the locks. A live guest is not paused.</summary>
    /// <exception cref="TargetException">The guest's threads can't be listed.</exception>
    public static LocksAnswer Ask(GuestSession session, QuestionContext context) =>
        Of(session, ThreadsAnswer.Ask(session, new ThreadQuery(), context));

    /// <summary>Finds the locks that threads wait for.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="threads">All threads, with their places.</param>
    public static LocksAnswer Of(GuestSession session, ThreadsAnswer threads)
    {
        var chain = new ThreadChain(threads.Threads, threads.HasRun);
        var locks = new List<LockRow>();
        foreach (
            IGrouping<ulong, ThreadRow> group in threads
                .Threads.Where(row => row.Wait is { Object: not null } wait && IsLock(wait.Kind))
                .GroupBy(row => row.Wait!.Object!.Value)
        )
        {
            // The next writer of a read-write lock, for which others wait, waits itself while readers hold it.
            ThreadRow? owner = group
                .Select(row => chain.FindNext(row))
                .FirstOrDefault(row => row is not null && !group.Contains(row));
            locks.Add(
                new LockRow(
                    group.Key,
                    ToWord(group.First().Wait!.Kind),
                    session.NameAddress(group.Key),
                    owner,
                    [.. group.OrderBy(row => row.State.SwitchedAt ?? long.MaxValue)],
                    owner is not null && chain.FindCircle(owner).Count > 0
                )
            );
        }

        return new LocksAnswer(
            [
                .. locks
                    .OrderBy(row => row.CanBeHeld ? 0 : 1)
                    .ThenByDescending(row => row.Waiters.Count)
                    .ThenBy(row => row.Address),
            ],
            [.. threads.Threads.Where(row => row.Wait is { Object: null } wait && HasOwner(wait.Kind))],
            [.. chain.FindCircles().Select(ThreadChain.DescribeCircle)],
            threads.Defects
        );
    }

    /// <summary>True for what one thread can hold, so that it is a lock in the narrow sense.</summary>
    internal static bool HasOwner(GuestWaitKind kind) => kind is GuestWaitKind.Mutex or GuestWaitKind.ReadWriteLock;

    private static bool IsLock(GuestWaitKind kind) =>
        HasOwner(kind) || kind is GuestWaitKind.ConditionVariable or GuestWaitKind.Semaphore or GuestWaitKind.WaitQueue;

    private static string ToWord(GuestWaitKind kind) =>
        kind switch
        {
            GuestWaitKind.ReadWriteLock => "read-write lock",
            GuestWaitKind.ConditionVariable => "condition variable",
            GuestWaitKind.Semaphore => "semaphore",
            GuestWaitKind.WaitQueue => "wait queue",
            _ => "mutex",
        };
}
