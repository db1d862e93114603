using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>The allocation tracker of a real guest, by every way, and as OSv's own command reads it.</summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class OsvLeakGuestTests
{
    [OsvGuestTheory(OsvGuests.Tracker, "gdb")]
    [InlineData(2)]
    [InlineData(4)]
    public void Leaks_OfKnownCount_AreFoundByTheirCalls(int cpus)
    {
        using var guest = new OsvGuest(cpus, OsvGuests.Find(OsvGuests.Tracker), "--leak /leaks");
        guest.WaitForText("ready");
        using var ways = new OsvWays(guest);
        JsonElement answer = ways.Ask("leak", "show");
        JsonElement[] groups = [.. answer.GetProperty("groups").EnumerateArray()];

        Assert.Equal([(40, 200_000)], Find(groups, "leak_many"));
        Assert.Equal([(7, 231_000)], Find(groups, "leak_large"));

        // For such a size malloc takes a page each, and the tracker records the page as well as what was asked for.
        Assert.Equal([(25, 30_750), (25, 102_400)], Find(groups, "leak_from_two", "first_caller"));
        Assert.Equal([(25, 30_750), (25, 102_400)], Find(groups, "leak_from_two", "second_caller"));
        Assert.DoesNotContain(groups, group => Has(group, "release_all"));

        string reference = OsvGdb.RunOsvCommand(guest, "osv leak show");
        Assert.Equal(
            Group().Matches(reference).Select(match => (Parse(match, 1), Parse(match, 2))).Order(),
            groups.Select(group => (Number(group, "size"), Number(group, "count"))).Order()
        );
        Assert.Equal(Number(answer, "sequence"), Parse(Sequence().Match(reference), 1));
    }

    private static IEnumerable<(long Count, long Bytes)> Find(JsonElement[] groups, params string[] functions) =>
        groups
            .Where(group => functions.All(function => Has(group, function)))
            .Select(group => (Number(group, "count"), Number(group, "size")))
            .Order();

    private static bool Has(JsonElement group, string function) =>
        group
            .GetProperty("frames")
            .EnumerateArray()
            .Any(frame => frame.TryGetProperty("name", out JsonElement name) && name.GetString() == function);

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private static long Parse(Match match, int group) =>
        long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Found (\d+) bytes in (\d+) allocations", RegexOptions.Multiline)]
    private static partial Regex Group();

    [GeneratedRegex(@"still in memory at this time \(seq=(\d+)\)")]
    private static partial Regex Sequence();
}
