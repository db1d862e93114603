using System.Text.Json;
using System.Text.RegularExpressions;
using Osprey.Tests.Cli;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>Lists of a guest that runs on, and creates and ends threads all the time.</summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class OsvChurnGuestTests(ITestOutputHelper output)
{
    private const int Listings = 1000;

    [OsvGuestTheory(OsvGuests.Default)]
    [InlineData(2)]
    [InlineData(4)]
    public void Threads_OfAGuestThatCreatesAndEndsThem_AreNeverInvented(int cpus)
    {
        using var guest = new OsvGuest(cpus, OsvGuests.Find(OsvGuests.Default), "/many churn");
        guest.WaitForText("ready");
        OsvCommandLine live = OsvCommandLine.Live(guest);
        HashSet<string> lasting = GetLasting(guest);
        int rows = 0,
            marked = 0;
        var born = new HashSet<long>();
        var others = new HashSet<string>();
        for (int i = 0; i < Listings; i++)
        {
            CommandRun run = live.Run("threads", "--json");
            Assert.True(run.ExitCode is 0 or 1 && run.Text.Length > 0, $"listing {i}: {run.ExitCode}, {run.Messages}");
            JsonElement answer = JsonDocument.Parse(run.Text).RootElement;
            bool isMarked = answer.GetProperty("defects").GetArrayLength() > 0;
            Assert.Equal((i, isMarked), (i, run.ExitCode == 1));
            marked += isMarked ? 1 : 0;
            var ids = new HashSet<long>();
            foreach (JsonElement row in Rows(answer))
            {
                rows++;
                long id = row.GetProperty("id").GetInt64();
                string name = GetName(row);
                Assert.True(ids.Add(id), $"listing {i}: thread {id} is there twice\n{run.Text}");
                if (Short().IsMatch(name))
                    born.Add(id);
                else if (IsLasting(name))
                    others.Add(name);
            }

            // Whatever was torn, the threads that live all the time are there.
            string[] missing = [.. lasting.Where(name => !Rows(answer).Any(row => GetName(row) == name))];
            Assert.True(
                missing.Length == 0 || isMarked,
                $"listing {i}: {string.Join(", ", missing)} is missing, and nothing says so\n{run.Text}"
            );
        }

        // Threads that the kernel or a library began meanwhile live on.
        Assert.Subset(lasting.Union(GetLasting(guest)).ToHashSet(), others);
        output.WriteLine($"{Listings} listings, {rows} rows, {born.Count} short-lived threads seen, {marked} marked");
        Assert.InRange(born.Count, 200, int.MaxValue);
    }

    /// <summary>The names of the threads that live all the time, at a moment at which the guest stands.</summary>
    private static HashSet<string> GetLasting(OsvGuest guest)
    {
        using var ways = new OsvWays(guest);
        return [.. Rows(ways.Ask("threads")).Select(GetName).Where(IsLasting)];
    }

    private static JsonElement.ArrayEnumerator Rows(JsonElement answer) =>
        answer.GetProperty("threads").EnumerateArray();

    private static string GetName(JsonElement row) => row.GetProperty("name").GetString() ?? "";

    // Until its creator has named it, a thread has its creator's name behind a mark, or none.
    private static bool IsLasting(string name) =>
        name.Length > 0 && !Short().IsMatch(name) && !name.StartsWith(">churn", StringComparison.Ordinal);

    [GeneratedRegex(@"^short-[0-3]-\d{1,5}$")]
    private static partial Regex Short();
}
