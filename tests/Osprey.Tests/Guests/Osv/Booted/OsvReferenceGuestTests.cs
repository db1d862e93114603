using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>
/// What the commands say of a busy guest that was stopped, by every way, against OSv's own commands for gdb at the same
/// moment.
/// </summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class OsvReferenceGuestTests
{
    [OsvGuestTheory(OsvGuests.Tracker, "gdb")]
    [InlineData(2)]
    [InlineData(4)]
    public void Listings_OfABusyGuest_AreThoseOfOsvsCommands(int cpus)
    {
        using var guest = new OsvGuest(cpus, OsvGuests.Find(OsvGuests.Tracker), "--leak /workload");
        guest.WaitForText("ready");
        Thread.Sleep(2000);
        using var ways = new OsvWays(guest);
        string[] texts = OsvGdb.RunOsvCommands(
            guest,
            "osv memory",
            "osv heap",
            "osv mmap",
            "osv linear_mmap",
            "osv info callouts",
            "osv info virtio",
            "osv leak show",
            "osv percpu percpu_trace_buffer _last"
        );
        CheckMemory(texts[0], List(ways, "memory", "memory"));
        CheckHeap(texts[1], List(ways, "ranges", "heap"));
        CheckMappings(texts[2], List(ways, "mappings", "mmap"));
        CheckLinearMaps(texts[3], List(ways, "linearMaps", "linear-mmap"));
        CheckCallouts(texts[4], List(ways, "callouts", "callouts"));
        CheckVirtio(texts[5], List(ways, "queues", "virtio"));
        CheckLeaks(texts[6], List(ways, "groups", "leak", "show"));
        CheckPerCpu(texts[7], List(ways, "values", "percpu", "percpu_trace_buffer", "_last"));

        // What the reference does not have, or not without a stop at a place that it likes, is the same by each way.
        foreach (
            string[] command in (string[][])
                [
                    ["threads"],
                    ["threads", "--timers"],
                    ["bt", "--all"],
                    ["locks"],
                    ["runqueue"],
                    ["modules"],
                    ["waiters"],
                    ["trace-status"],
                    ["log"],
                    ["tls", "app_tls", "local-0", "local-1"],
                    ["percpu", "percpu_trace_buffer"],
                ]
        )
            ways.Ask(command);
    }

    private static JsonElement[] List(OsvWays ways, string list, params string[] command)
    {
        JsonElement answer = ways.Ask(command);
        Assert.Empty(answer.GetProperty("defects").EnumerateArray());
        return [.. answer.GetProperty(list).EnumerateArray()];
    }

    private static void CheckMemory(string reference, JsonElement[] rows)
    {
        Dictionary<string, long> sizes = rows.ToDictionary(row => Text(row, "use"), row => Number(row, "size"));
        Assert.Equal(
            NumberOfBytes().Matches(reference).Select(match => Decimal(match, 1)),
            [sizes["total"], sizes["mmap"], sizes["free"]]
        );
    }

    // The reference shows the first range only of each list.
    private static void CheckHeap(string reference, JsonElement[] rows)
    {
        (ulong, ulong)[] expected =
        [
            .. TwoNumbers().Matches(reference).Select(match => (Hex(match, 1), Hex(match, 2))),
        ];
        Assert.NotEmpty(expected);
        Assert.Subset(
            rows.Select(row => (Address(row, "address"), (ulong)Number(row, "size"))).ToHashSet(),
            expected.ToHashSet()
        );
    }

    private static void CheckMappings(string reference, JsonElement[] rows)
    {
        (ulong, ulong, string)[] expected =
        [
            .. Mapping()
                .Matches(reference)
                .Where(match => match.Groups[1].Value != match.Groups[2].Value)
                .Select(match => (Hex(match, 1), Hex(match, 2), match.Groups[5].Value)),
        ];
        Assert.Equal(
            expected,
            rows.Select(row => (Address(row, "start"), Address(row, "end"), row.GetProperty("path").GetString() ?? ""))
        );
        Assert.InRange(expected.Length, 10, int.MaxValue);
    }

    private static void CheckLinearMaps(string reference, JsonElement[] rows)
    {
        (ulong, ulong, ulong, string)[] expected =
        [
            .. LinearRow()
                .Matches(reference)
                .Select(row => (Hex(row, 1), Hex(row, 2), Hex(row, 3), row.Groups[4].Value)),
        ];
        Assert.NotEmpty(expected);
        Assert.Equal(
            expected,
            rows.Select(row =>
                (Address(row, "virtual"), Address(row, "physical"), (ulong)Number(row, "size"), Text(row, "name"))
            )
        );
    }

    private static void CheckCallouts(string reference, JsonElement[] rows)
    {
        (ulong, ulong, long)[] expected =
        [
            .. CalloutRow().Matches(reference).Select(row => (Hex(row, 1), Hex(row, 2), Decimal(row, 3))),
        ];
        Assert.NotEmpty(expected);
        Assert.Equal(
            expected,
            rows.Select(row => (Address(row, "address"), Address(row, "functionAddress"), Number(row, "time")))
        );
    }

    // The reference calls the driver's index of the available ring "h", and the device's event index "g".
    private static void CheckVirtio(string reference, JsonElement[] rows)
    {
        (ulong, ulong, ulong)[] expected =
        [
            .. VirtioQueue().Matches(reference).Select(match => (Hex(match, 1), Hex(match, 2), Hex(match, 3))),
        ];
        Assert.NotEmpty(expected);
        Assert.Equal(
            expected,
            rows.Select(row =>
                (Address(row, "queueAddress"), (ulong)Number(row, "available"), (ulong)Number(row, "used"))
            )
        );
    }

    private static void CheckLeaks(string reference, JsonElement[] rows)
    {
        (long, long)[] expected =
        [
            .. Leak().Matches(reference).Select(match => (Decimal(match, 1), Decimal(match, 2))).Order(),
        ];
        Assert.InRange(expected.Length, 20, int.MaxValue);
        Assert.Equal(expected, rows.Select(row => (Number(row, "size"), Number(row, "count"))).Order());
    }

    private static void CheckPerCpu(string reference, JsonElement[] rows)
    {
        string[] expected = [.. PerCpuValue().Matches(reference).Select(match => match.Groups[2].Value.Trim())];
        Assert.NotEmpty(expected);
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            rows.Select(row => row.GetProperty("value").GetRawText()).Order(StringComparer.Ordinal)
        );
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();

    private static ulong Address(JsonElement row, string name) =>
        ulong.Parse(Text(row, name).AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static long Decimal(Match match, int group) =>
        long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static ulong Hex(Match match, int group) =>
        ulong.Parse(match.Groups[group].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) Bytes")]
    private static partial Regex NumberOfBytes();

    [GeneratedRegex(@"^0x([0-9a-f]+) 0x([0-9a-f]+)", RegexOptions.Multiline)]
    private static partial Regex TwoNumbers();

    [GeneratedRegex(
        @"^0x([0-9a-f]+) 0x([0-9a-f]+) \[\S+ kB\] +flags=(\S+) +perm=(\S+)(?: +offset=\S+ path=(.*))?",
        RegexOptions.Multiline
    )]
    private static partial Regex Mapping();

    [GeneratedRegex(@"^ *([0-9a-f]+) +([0-9a-f]+) +([0-9a-f]+) rwxp +\S+ (\S*)$", RegexOptions.Multiline)]
    private static partial Regex LinearRow();

    [GeneratedRegex(@"^\d+ +0x([0-9a-f]+)(?: <[^>]*>)? +0x([0-9a-f]+) <.*?> +(\d+) +0x", RegexOptions.Multiline)]
    private static partial Regex CalloutRow();

    [GeneratedRegex(@"queue \d+ at 0x([0-9a-f]+)\s+avail g=\S+ h=0x([0-9a-f]+).*\s+used +h=0x([0-9a-f]+)")]
    private static partial Regex VirtioQueue();

    [GeneratedRegex(@"^Found (\d+) bytes in (\d+) allocations", RegexOptions.Multiline)]
    private static partial Regex Leak();

    [GeneratedRegex(@"^CPU (\d+):\s+(\S.*)$", RegexOptions.Multiline)]
    private static partial Regex PerCpuValue();
}
