using Osprey.Session.Answers.Guests.Threads;

namespace Osprey.Session.Answers.Guests.Locks;

/// <summary>Follows threads from the one that waits to the one that it waits for.</summary>
/// <remarks>
/// Threads of a guest that runs are read one after the other: a waits for b, then b for a, need not be true at one
/// moment. A circle is one only when none of its threads ran since it was read.
/// </remarks>
/// <param name="rows">All threads with what they wait for.</param>
/// <param name="hasRun">Tells whether a thread ran since it was read; null when none can have.</param>
internal sealed class ThreadChain(IReadOnlyList<ThreadRow> rows, Func<ThreadRow, bool>? hasRun = null)
{
    private readonly Dictionary<ulong, ThreadRow> _threads = rows.DistinctBy(row => row.State.Id)
        .ToDictionary(row => row.State.Id);

    /// <summary>The thread that one waits for; null when it waits for none, or that is not known.</summary>
    public ThreadRow? FindNext(ThreadRow row) =>
        row.Wait?.Owner is { } owner ? _threads.GetValueOrDefault(owner) : null;

    /// <summary>The threads from one on, each waiting for the next; the last may be in the list before.</summary>
    public IReadOnlyList<ThreadRow> Follow(ThreadRow start)
    {
        var chain = new List<ThreadRow>();
        for (ThreadRow? row = start; row is not null; row = FindNext(row))
        {
            bool isKnown = chain.Contains(row);
            chain.Add(row);
            if (isKnown)
                break;
        }

        return chain;
    }

    /// <summary>The circle of threads that one is part of, beginning with it; empty when it is in none.</summary>
    public IReadOnlyList<ThreadRow> FindCircle(ThreadRow start)
    {
        IReadOnlyList<ThreadRow> chain = Follow(start);
        return chain.Count > 1 && ReferenceEquals(chain[^1], start) && !HasRun(chain)
            ? [.. chain.Take(chain.Count - 1)]
            : [];
    }

    /// <summary>Tells whether any of some threads ran since they were read.</summary>
    public bool HasRun(IEnumerable<ThreadRow> threads) => hasRun is not null && threads.Any(hasRun);

    /// <summary>All circles, each beginning with its thread of the lowest number.</summary>
    public IEnumerable<IReadOnlyList<ThreadRow>> FindCircles() =>
        rows.Select(FindCircle)
            .Where(circle => circle.Count > 0 && circle.Min(row => row.State.Id) == circle[0].State.Id);

    /// <summary>A circle in words.</summary>
    public static string DescribeCircle(IReadOnlyList<ThreadRow> circle) =>
        "deadlock: "
        + string.Join(
            "; ",
            circle.Select(row =>
                $"thread {row.State.Label} waits for {row.Wait!.Description}"
                + (row.Place is { } place ? $", in {place}" : "")
            )
        );
}
