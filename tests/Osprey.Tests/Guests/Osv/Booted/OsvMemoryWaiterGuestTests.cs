using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>Threads of real guests that wait for memory, by every way, and what OSv's command says of them.</summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class OsvMemoryWaiterGuestTests
{
    private static readonly string[] s_hungry = ["hungry-7", "hungry-8", "hungry-9"];

    [OsvGuestTheory(OsvGuests.Default, "gdb")]
    [InlineData(2)]
    [InlineData(4)]
    public void Waiters_AreTheThreadsThatWaitForMemory(int cpus)
    {
        using var guest = new OsvGuest(cpus, OsvGuests.Find(OsvGuests.Default), "/hungry");
        guest.WaitForText("ready");
        Thread.Sleep(1000); // the last one may not have come to wait yet
        using var ways = new OsvWays(guest);
        JsonElement[] waiters = CheckWaiters(ways);

        // The reference stops at the first one with newer releases of Python.
        (long Thread, long Size)[] reference =
        [
            .. Waiter().Matches(OsvGdb.RunOsvCommand(guest, "osv waiters")).Select(ReadReference),
        ];
        Assert.Equal(
            waiters.Take(reference.Length).Select(row => (Number(row, "id"), Number(row, "waitsFor"))),
            reference
        );

        foreach (JsonElement waiter in waiters)
        {
            JsonElement why = ways.Ask("why", Number(waiter, "id").ToString(CultureInfo.InvariantCulture));
            string sentence = why.GetProperty("sentence").GetString()!;
            Assert.Contains(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"waits for {Number(waiter, "waitsFor")} bytes of memory, which thread "
                ),
                sentence,
                StringComparison.Ordinal
            );

            // What keeps the reclaimer thread is the end of the chain.
            Assert.Equal(
                ["reclaimer", waiter.GetProperty("name").GetString()],
                why.GetProperty("chain").EnumerateArray().Select(row => row.GetProperty("name").GetString()).Reverse()
            );
        }

        string report = OsvCommandLine.Live(guest).Run("report").Text;
        Assert.All(s_hungry, name => Assert.Contains($"({name}) waits for ", report, StringComparison.Ordinal));
    }

    [OsvGuestTheory(OsvGuests.Default)]
    [InlineData(2)]
    [InlineData(4)]
    public void Waiters_OfAGuestThatIsOutOfMemory_AreStillKnown(int cpus)
    {
        using var guest = new OsvGuest(cpus, OsvGuests.Find(OsvGuests.Default), "/hungry and dies");
        guest.WaitForText("Out of memory");
        Thread.Sleep(1000); // the other CPUs are stopped one after the other
        using var ways = new OsvWays(guest);
        CheckWaiters(ways);
        JsonElement abort = ways.Ask("abort");
        Assert.Equal("aborted", abort.GetProperty("verdict").GetString());
        Assert.Contains("Out of memory", abort.GetProperty("message").GetString(), StringComparison.Ordinal);

        // Whose thread it is may not be known: the reclaimer's stack is a page, which is too little for what OSv prints
        // as it aborts, and what lies below is overwritten.
        JsonElement failed = Assert.Single(
            abort.GetProperty("cpus").EnumerateArray(),
            cpu => cpu.GetProperty("activity").GetString() == "failed"
        );
        Assert.Contains(
            "memory::oom()",
            failed.GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("function").GetString())
        );
    }

    /// <summary>Each of the three waits for as many tenths of memory as its name says; what it was before.</summary>
    private static JsonElement[] CheckWaiters(OsvWays ways)
    {
        long total = Number(
            ways.Ask("memory")
                .GetProperty("memory")
                .EnumerateArray()
                .Single(row => row.GetProperty("use").GetString() == "total"),
            "size"
        );
        JsonElement answer = ways.Ask("waiters");
        Assert.Empty(answer.GetProperty("defects").EnumerateArray());
        JsonElement[] waiters = [.. answer.GetProperty("waiters").EnumerateArray()];
        Assert.Equal(
            s_hungry,
            waiters.Select(row => row.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)
        );
        foreach (JsonElement waiter in waiters)
        {
            // Tenths of what the kernel counts, which is a little less than all.
            int tenths = waiter.GetProperty("name").GetString()![^1] - '0';
            Assert.InRange(Number(waiter, "waitsFor") / tenths, total / 10 * 19 / 20, total / 10);
            Assert.Equal("waiting", waiter.GetProperty("state").GetString());
        }

        return waiters;
    }

    private static (long Thread, long Size) ReadReference(Match match) =>
        (
            long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
            long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)
        );

    private static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();

    [GeneratedRegex(@"Thread (\d+) waits for (\d+) Bytes")]
    private static partial Regex Waiter();
}
