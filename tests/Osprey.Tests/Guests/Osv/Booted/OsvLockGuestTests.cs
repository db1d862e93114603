using System.Text.Json;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>Threads that wait for each other in real guests, by every way.</summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class OsvLockGuestTests
{
    [OsvGuestTheory(OsvGuests.Tracker)]
    [InlineData(2)]
    [InlineData(4)]
    public void Locks_OfADeadlock_AreExplained(int cpus)
    {
        using var guest = new OsvGuest(cpus, OsvGuests.Find(OsvGuests.Tracker), "/deadlock");
        guest.WaitForText("ready");
        using var ways = new OsvWays(guest);
        JsonElement[] locks = [.. ways.Ask("locks").GetProperty("locks").EnumerateArray()];
        JsonElement[] deadlocked = [.. locks.Where(row => row.GetProperty("deadlocked").GetBoolean())];
        Assert.Equal(2, deadlocked.Length);
        Assert.All(deadlocked, row => Assert.Equal("mutex", row.GetProperty("kind").GetString()));
        Assert.Equal(
            ["dead-left", "dead-right"],
            deadlocked.Select(row => GetName(row.GetProperty("owner"))).Order(StringComparer.Ordinal)
        );

        // The one that dead-left owns is waited for by two.
        Assert.Equal(["bystander", "dead-right"], GetWaiters(deadlocked, "dead-left"));
        Assert.Equal(["dead-left"], GetWaiters(deadlocked, "dead-right"));

        JsonElement abort = ways.Ask("abort");
        Assert.Equal("deadlocked", abort.GetProperty("verdict").GetString());
        string[] explained = [.. abort.GetProperty("deadlocks").EnumerateArray().Select(line => line.GetString()!)];
        string sentence = Assert.Single(explained);
        Assert.Contains("(dead-left)", sentence, StringComparison.Ordinal);
        Assert.Contains("(dead-right)", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("(bystander)", sentence, StringComparison.Ordinal);
        Assert.Contains("right_then_left", sentence, StringComparison.Ordinal);
        Assert.Contains("left_then_right", sentence, StringComparison.Ordinal);
        ways.Ask("why", "bystander");
        ways.Ask("why", "dead-left");
    }

    [OsvGuestTheory(OsvGuests.Default)]
    [InlineData(2)]
    [InlineData(4)]
    public void Threads_InEveryKindOfWait_SayWhatTheyWaitFor(int cpus)
    {
        using var guest = new OsvGuest(cpus, OsvGuests.Find(OsvGuests.Default), "/lockdemo");
        guest.WaitForText("ready");
        using var ways = new OsvWays(guest);
        Dictionary<string, JsonElement> threads = ways.Ask("threads")
            .GetProperty("threads")
            .EnumerateArray()
            .Where(row => row.GetProperty("name").GetString() is { Length: > 0 })
            .GroupBy(row => row.GetProperty("name").GetString()!)
            .ToDictionary(group => group.Key, group => group.First());
        Assert.Contains("condition variable", GetWait(threads["condition"]), StringComparison.Ordinal);
        Assert.Contains("sleeps", GetWait(threads["joined"]), StringComparison.Ordinal);
        Assert.Contains("mutex", GetWait(threads["dead-0"]), StringComparison.Ordinal);
        Assert.Contains("(joined)", GetWait(threads["joiner"]), StringComparison.Ordinal);

        // Of the four that fight, one has the lock or is about to, and the others wait.
        Assert.InRange(
            Enumerable
                .Range(0, 4)
                .Count(i => GetWait(threads[$"contend-{i}"]).StartsWith("mutex", StringComparison.Ordinal)),
            2,
            3
        );
    }

    private static string GetWait(JsonElement row) =>
        row.TryGetProperty("waitsFor", out JsonElement wait) ? wait.GetString() ?? "" : "";

    private static string GetName(JsonElement thread) => thread.GetProperty("name").GetString()!;

    private static IEnumerable<string> GetWaiters(JsonElement[] locks, string owner) =>
        locks
            .Single(row => GetName(row.GetProperty("owner")) == owner)
            .GetProperty("waiters")
            .EnumerateArray()
            .Select(GetName)
            .Order(StringComparer.Ordinal);
}
