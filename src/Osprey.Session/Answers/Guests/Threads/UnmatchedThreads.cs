using System.Globalization;
using Osprey.Guests.Threads;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>
/// Says which parts of a <see cref="ThreadQuery"/> no thread of the guest matches, and what there is.
/// </summary>
public static class UnmatchedThreads
{
    /// <summary>Says it in sentences without a full stop; none when each part is matched by some thread.</summary>
    /// <param name="query">The query.</param>
    /// <param name="threads">All threads of the guest.</param>
    public static IEnumerable<string> Describe(ThreadQuery query, IReadOnlyList<GuestThreadState> threads)
    {
        foreach (string name in query.Names.Where(name => !threads.Any(thread => ThreadQuery.IsNamed(thread, name))))
            yield return $"no thread has the name or number '{name}'";

        foreach (
            string state in query.States.Where(state => !threads.Any(thread => ThreadQuery.HasState(thread, state)))
        )
            yield return $"no thread is in the state '{state}': there are {DescribeStates(threads)}";

        if (query.Cpu is int cpu && threads.All(thread => thread.Cpu != cpu))
        {
            string cpus = string.Join(
                ", ",
                threads.Select(thread => thread.Cpu).OfType<int>().Distinct().Order().Select(number => $"{number}")
            );
            yield return string.Create(CultureInfo.InvariantCulture, $"no thread runs on CPU {cpu} or ran there last: ")
                + (cpus.Length > 0 ? $"they did on {cpus}" : "it is known of none");
        }
    }

    private static string DescribeStates(IReadOnlyList<GuestThreadState> threads) =>
        string.Join(
            ", ",
            threads
                .GroupBy(thread => (thread.State, thread.StateLetter))
                .OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key.State, StringComparer.Ordinal)
                .Select(group => group.Key.State + (group.Key.StateLetter is { } letter ? $" ({letter})" : ""))
        );
}
