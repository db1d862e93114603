namespace Osprey.Rest.Counters;

/// <summary>What counters did between two readings.</summary>
/// <param name="TimeMilliseconds">The guest's uptime at the later reading.</param>
/// <param name="DeltaMilliseconds">
/// Guest time between the two; null when it ran backwards: the guest was restarted.
/// </param>
/// <param name="Rates">One for each name of the later reading, names in order.</param>
public sealed record CounterRates(long TimeMilliseconds, long? DeltaMilliseconds, IReadOnlyList<CounterRate> Rates)
{
    /// <summary>Compares two readings of one guest.</summary>
    public static CounterRates Between(TraceCounts earlier, TraceCounts later)
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

    /// <summary>Hits by name: tracepoints of one name are counted apart by the guest.</summary>
    internal static Dictionary<string, long> Sum(TraceCounts counts)
    {
        Dictionary<string, long> sums = new(StringComparer.Ordinal);
        foreach (TraceCount count in counts.List)
        {
            sums.TryGetValue(count.Name, out long sum);
            // A guest that lies must not crash us: sums wrap as the guest's own counters would.
            sums[count.Name] = unchecked(sum + count.Count);
        }

        return sums;
    }
}
