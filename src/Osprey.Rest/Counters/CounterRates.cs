namespace Osprey.Rest.Counters;

/// <summary>The changes of all counters between two readings.</summary>
/// <param name="TimeMilliseconds">The guest's uptime at the later reading, in milliseconds.</param>
/// <param name="DeltaMilliseconds">
/// The guest time between the readings, in milliseconds; null when it went backwards, as after a restart of the guest.
/// </param>
/// <param name="Rates">One item for each name of the later reading, ordered by name.</param>
public sealed record CounterRates(long TimeMilliseconds, long? DeltaMilliseconds, IReadOnlyList<CounterRate> Rates)
{
    /// <summary>Compares two readings of the same guest.</summary>
    internal static CounterRates Between(TraceCounts earlier, TraceCounts later)
    {
        Int128 passed = (Int128)later.TimeMilliseconds - earlier.TimeMilliseconds;
        long? delta = passed >= 0 && passed <= long.MaxValue ? (long)passed : null;
        Dictionary<string, long> before = delta is null ? [] : Sum(earlier);
        return new CounterRates(
            later.TimeMilliseconds,
            delta,
            [
                .. Sum(later)
                    .OrderBy(counter => counter.Key, StringComparer.Ordinal)
                    .Select(counter => Rate(counter.Key, counter.Value)),
            ]
        );

        CounterRate Rate(string name, long count)
        {
            if (!before.TryGetValue(name, out long old) || old > count || old < 0)
                return new CounterRate(name, count, null, null);

            long hits = count - old;
            return new CounterRate(name, count, hits, delta > 0 ? hits / (delta.Value / 1000.0) : null);
        }
    }

    /// <summary>Adds up the hits by name: the guest counts each tracepoint of a name separately.</summary>
    internal static Dictionary<string, long> Sum(TraceCounts counts)
    {
        Dictionary<string, long> sums = new(StringComparer.Ordinal);
        foreach (TraceCount count in counts.List)
        {
            sums.TryGetValue(count.Name, out long sum);
            // A guest may send any number, and must not crash us: sums wrap, as the guest's own counters do.
            sums[count.Name] = unchecked(sum + count.Count);
        }

        return sums;
    }
}
