using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>
/// A real guest whose root file system is ZFS, by every way. OSv's own command for gdb fails with OpenZFS, so that gdb
/// itself says what the counters are.
/// </summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class OsvZfsGuestTests
{
    [OsvGuestTheory(OsvGuests.OpenZfs, "gdb")]
    [InlineData(2)]
    [InlineData(4)]
    public void Zfs_OfOpenZfs_IsWhatGdbReads(int cpus)
    {
        using var guest = new OsvGuest(cpus, OsvGuests.Find(OsvGuests.OpenZfs), "/workload");
        guest.WaitForText("ready");
        using var ways = new OsvWays(guest);
        JsonElement answer = ways.Ask("zfs");
        Assert.Empty(answer.GetProperty("defects").EnumerateArray());
        Dictionary<string, long> rows = answer
            .GetProperty("statistics")
            .EnumerateArray()
            .ToDictionary(
                row => $"{row.GetProperty("section").GetString()}: {row.GetProperty("name").GetString()}",
                row => row.GetProperty("value").GetInt64()
            );
        (string Row, string Expression)[] pairs =
        [
            ("settings: zfs_txg_timeout", "zfs_txg_timeout"),
            ("settings: zfs_dirty_data_max", "zfs_dirty_data_max"),
            ("sizes: target", "arc_stats.arcstat_c.value.ui64"),
            ("sizes: least", "arc_stats.arcstat_c_min.value.ui64"),
            ("sizes: most", "arc_stats.arcstat_c_max.value.ui64"),
            ("sizes: current", SumOf("arc_sums.arcstat_size")),
            ("efficiency: hits", "arc_sums.arcstat_hits.value"),
            ("efficiency: misses", "arc_sums.arcstat_misses.value"),
            ("hits by list: mru_hits", "arc_sums.arcstat_mru_hits.value"),
            ("hits by type: demand_metadata_hits", "arc_sums.arcstat_demand_metadata_hits.value"),
            ("hash table: hash_elements", "arc_sums.arcstat_hash_elements.value"),
            ("prefetching: hits", "zfetch_sums.zfetchstat_hits.value"),
            ("prefetching: misses", "zfetch_sums.zfetchstat_misses.value"),
        ];
        string[] texts = OsvGdb.RunOsvCommands(
            guest,
            ["osv syms", "osv memory", .. pairs.Select(pair => $"output (long)({pair.Expression})")]
        );
        Assert.Equal(
            pairs.Select((pair, i) => (pair.Row, (long?)long.Parse(texts[i + 2], CultureInfo.InvariantCulture))),
            pairs.Select(pair => (pair.Row, rows.TryGetValue(pair.Row, out long value) ? value : (long?)null))
        );
        Assert.All((string[])["efficiency: hits", "prefetching: hits"], row => Assert.NotEqual(0, rows[row]));
        Assert.DoesNotContain("hash table: hash_elements_max", rows.Keys); // none was worked out

        Dictionary<string, long> memory = ways.Ask("memory")
            .GetProperty("memory")
            .EnumerateArray()
            .ToDictionary(row => row.GetProperty("use").GetString()!, row => row.GetProperty("size").GetInt64());
        Assert.Equal(
            NumberOfBytes()
                .Matches(texts[1])
                .Select(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)),
            [memory["total"], memory["mmap"], memory["free"]]
        );
        foreach (string command in (string[])["threads", "locks", "modules", "mmap", "log"])
            ways.Ask(command);
    }

    /// <summary>The sum of one that is counted in two buckets, for few CPUs, and of what is left.</summary>
    private static string SumOf(string counter)
    {
        string bucket = $"{counter}.as_buckets";
        return $"{counter}.as_lower_bound + {bucket}[0].asc_delta + {bucket}[0].asc_borrowed"
            + $" + ({counter}.as_numbuckets > 1 ? {bucket}[1].asc_delta + {bucket}[1].asc_borrowed : 0)"
            + $" + ({counter}.as_numbuckets > 2 ? {bucket}[2].asc_delta + {bucket}[2].asc_borrowed : 0)"
            + $" + ({counter}.as_numbuckets > 3 ? {bucket}[3].asc_delta + {bucket}[3].asc_borrowed : 0)";
    }

    [GeneratedRegex(@"(\d+) Bytes")]
    private static partial Regex NumberOfBytes();
}
