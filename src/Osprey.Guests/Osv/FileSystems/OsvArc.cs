using Osprey.Guests.FileSystems;
using Osprey.Values;

namespace Osprey.Guests.Osv.FileSystems;

/// <summary>Reads the statistics of ZFS' cache.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="walk">Gets them.</param>
internal sealed class OsvArc(GuestKernel kernel, GuestWalk<GuestStatistic> walk)
{
    private const int MaxBuckets = 1 << 12;

    private readonly Value? _stats = kernel.FindVariable("arc_stats");
    private readonly Value? _sums = kernel.FindVariable("arc_sums");

    /// <summary>Reads all of them.</summary>
    public void Read()
    {
        ReadSizes();
        ReadHits();
        long? hits = Counter("hits");
        long? misses = Counter("misses");
        AddAll("hits by list", hits, "hits", "mru_hits", "mfu_hits", "mru_ghost_hits", "mfu_ghost_hits");
        AddAll(
            "hits by type",
            hits,
            "hits",
            "demand_data_hits",
            "prefetch_data_hits",
            "demand_metadata_hits",
            "prefetch_metadata_hits"
        );
        AddAll(
            "misses by type",
            misses,
            "misses",
            "demand_data_misses",
            "prefetch_data_misses",
            "demand_metadata_misses",
            "prefetch_metadata_misses"
        );
        AddAll("hash table", null, null, "hash_elements");

        // OpenZFS works the most out when somebody reads its statistics, so that it may say less than there is now.
        if (Counter("hash_elements_max") is { } most && !(most < Counter("hash_elements")))
            Add("hash table", "hash_elements_max", most, null, null);

        AddAll("hash table", null, null, "hash_collisions", "hash_chains", "hash_chain_max");
        if (Counter("l2_size") is > 0 and var size)
        {
            walk.Add(new GuestStatistic("second-level cache", "size", size, IsSize: true));
            AddAll(
                "second-level cache",
                Sum(Counter("l2_hits"), Counter("l2_misses")),
                "accesses",
                "l2_hits",
                "l2_misses"
            );
        }

        ReadPrefetches();
    }

    /// <summary>Reads a counter of kstat: a number with a name; null when there is none.</summary>
    public static long? ReadNamed(Value? counter) =>
        counter?.Path("value", "ui64") is { } value && value.TryGetInt64(out long number) ? number : null;

    private void ReadSizes()
    {
        long? target = Counter("c");
        foreach (
            (string name, string counter) in (ReadOnlySpan<(string, string)>)
                [("current", "size"), ("target", "c"), ("least", "c_min"), ("most", "c_max")]
        )
        {
            if (Counter(counter) is { } value)
                walk.Add(new GuestStatistic("sizes", name, value, IsSize: true));
        }

        // The target for recently used data; OpenZFS has no such number since 2.2.
        if (Counter("p") is not { } recent)
            return;

        walk.Add(
            new GuestStatistic("sizes", "target for recently used", recent, true, Share(recent, target), "target")
        );
        if (target is { } whole && whole >= recent)
        {
            long rest = whole - recent;
            walk.Add(
                new GuestStatistic("sizes", "target for frequently used", rest, true, Share(rest, target), "target")
            );
        }
    }

    private void ReadHits()
    {
        if (Counter("hits") is not { } hits || Counter("misses") is not { } misses)
            return;

        long? total = Sum(hits, misses);
        walk.Add(new GuestStatistic("efficiency", "accesses", total ?? 0));
        Add("efficiency", "hits", hits, total, "accesses");
        Add("efficiency", "misses", misses, total, "accesses");
        if (Sum(Counter("mru_hits"), Counter("mfu_hits")) is { } real)
            Add("efficiency", "hits in memory's lists", real, total, "accesses");

        foreach (
            (string name, string counter) in (ReadOnlySpan<(string, string)>)
                [("demand for data", "demand_data"), ("prefetch of data", "prefetch_data")]
        )
        {
            if (Counter(counter + "_hits") is { } good && Counter(counter + "_misses") is { } bad)
                Add("efficiency", $"hits, {name}", good, Sum(good, bad), $"accesses, {name}");
        }
    }

    private void ReadPrefetches()
    {
        // OpenZFS counts in the sums, and brings the other up to date when somebody reads its statistics.
        Value? sums = kernel.FindVariable("zfetch_sums");
        Value? counters = kernel.FindVariable("zfetch_stats");
        if (Read("zfetchstat_hits") is not { } hits)
            return;

        long? misses = Read("zfetchstat_misses");
        long? total = Sum(hits, misses);
        Add("prefetching", "hits", hits, total, "accesses");
        if (misses is { } missed)
            Add("prefetching", "misses", missed, total, "accesses");

        long? Read(string name) => ReadSum(sums?.Member(name)) ?? ReadNamed(counters?.Member(name));
    }

    private void AddAll(string section, long? whole, string? ofWhat, params ReadOnlySpan<string> counters)
    {
        foreach (string counter in counters)
        {
            if (Counter(counter) is { } value)
                Add(section, counter, value, whole, ofWhat);
        }
    }

    private void Add(string section, string name, long value, long? whole, string? ofWhat) =>
        walk.Add(new GuestStatistic(section, name, value, false, Share(value, whole), ofWhat));

    private static double? Share(long value, long? whole) => whole is > 0 and var all ? 100.0 * value / all : null;

    private static long? Sum(long? one, long? other) => unchecked(one + other);

    /// <summary>Reads a counter, from where this kind of ZFS keeps it; null when it has none.</summary>
    private long? Counter(string name) =>
        ReadSum(_sums?.Member("arcstat_" + name)) ?? ReadNamed(_stats?.Member("arcstat_" + name));

    /// <summary>
    /// Reads a counter that OpenZFS keeps for many writers: one number, or one with a part in each of several buckets
    /// (<c>aggsum_t</c>).
    /// </summary>
    private static long? ReadSum(Value? counter)
    {
        if (counter?.Member("value", "ws_value") is { } plain)
            return plain.TryGetInt64(out long number) ? number : null;

        if (counter?.Member("as_lower_bound") is not { } lower || !lower.TryGetInt64(out long sum))
            return null;

        if (
            OsvPointers.Number(counter.Member("as_numbuckets")) is not (<= MaxBuckets and var count)
            || counter.Member("as_buckets") is not { } buckets
        )
            return null;

        for (int i = 0; i < (int)count; i++)
        {
            if (
                buckets.Index(i) is not { } bucket
                || bucket.Member("asc_delta") is not { } delta
                || !delta.TryGetInt64(out long added)
                || bucket.Member("asc_borrowed") is not { } borrowed
                || !borrowed.TryGetInt64(out long lent)
            )
                return null;

            sum = unchecked(sum + added + lent);
        }

        return sum;
    }
}
