using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Osprey.Target.Unwinding;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests.Qmp;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>
/// The stacks of all threads, and the trace buffers, of a busy guest that was stopped, against OSv's own commands for
/// gdb.
/// </summary>
/// <remarks>
/// Frames of tail calls that gdb leaves out are left out here as well, and threads of which OSv's command shows where
/// they last waited although they run. OSv's commands fail where gdb's innermost frame
/// is in C code; then the guest runs on to another moment.
/// </remarks>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class OsvStackGuestTests(ITestOutputHelper output)
{
    private const int Moments = 10;

    [OsvGuestTheory(OsvGuests.Tracker, "gdb")]
    [InlineData(2)]
    [InlineData(4)]
    public void Stacks_OfAllThreads_AreThoseOfOsvsCommand(int cpus)
    {
        using var guest = new OsvGuest(
            cpus,
            OsvGuests.Find(OsvGuests.Tracker),
            "--trace=sched_*,mutex_* --trace-backtrace /workload"
        );
        guest.WaitForText("ready");
        using var qmp = new QmpClient(guest.TestQmpSocket);
        OsvCommandLine live = OsvCommandLine.Live(guest);
        for (int moment = 0; moment < Moments; moment++)
        {
            Thread.Sleep(500);
            qmp.Execute("stop");
            string trace = guest.PathOf("reference.trace");
            string[] texts = OsvGdb.RunOsvCommands(
                guest,
                $"osv trace save {trace}",
                "osv syms",
                "osv thread apply all bt"
            );
            Dictionary<string, List<OsvFrame>> expected = ReadReference(texts[2]);
            if (expected.Count > 0)
            {
                CheckStacks(cpus, expected, live.Json("bt", "--all"));
                CheckTrace(guest, live, trace);
                return;
            }

            qmp.Execute("cont");
        }

        Assert.Fail($"OSv's command failed at {Moments} moments");
    }

    private void CheckStacks(int cpus, Dictionary<string, List<OsvFrame>> expected, JsonElement answer)
    {
        var found = new Dictionary<string, JsonElement>();
        foreach (JsonElement stack in answer.GetProperty("stacks").EnumerateArray())
        {
            foreach (JsonElement thread in stack.GetProperty("threads").EnumerateArray())
                found.Add(thread.GetProperty("address").GetString()!, stack);
        }

        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(found.Count, 50, int.MaxValue);
        var differences = new StringBuilder();
        int rows = 0,
            equal = 0,
            old = 0;
        foreach ((string thread, List<OsvFrame> reference) in expected)
        {
            JsonElement[] own =
            [
                .. found[thread].GetProperty("frames").EnumerateArray().Where(row => !IsMissedByGdb(row, reference)),
            ];
            if (IsOldInReference(reference, own))
            {
                old++;
                continue;
            }

            rows += int.Max(reference.Count, own.Length);
            for (int i = 0; i < int.Min(reference.Count, own.Length); i++)
            {
                if (IsEqual(reference[i], own[i]))
                    equal++;
                else
                    differences.Append($"{thread} row {i}: {reference[i].Name}, here {own[i]}\n");
            }
        }

        output.WriteLine($"{found.Count} stacks, {equal} of {rows} rows are equal, {old} old\n{differences}");
        Assert.InRange(old, 0, cpus);
        Assert.True(equal >= rows * 0.99, $"{equal} of {rows} rows\n{differences}");
    }

    private static void CheckTrace(OsvGuest guest, OsvCommandLine live, string reference)
    {
        string own = guest.PathOf("own.trace");
        CommandRun run = live.Run("trace", "extract", own);
        Assert.True(run.ExitCode == 0, run.Messages);
        string expected = CommandRun.Of("trace", "list", reference).Text;
        Assert.True(expected.Length > 10_000, expected);
        Assert.Equal(expected, CommandRun.Of("trace", "list", own).Text);
    }

    private static Dictionary<string, List<OsvFrame>> ReadReference(string text)
    {
        var stacks = new Dictionary<string, List<OsvFrame>>();
        List<OsvFrame> stack = [];
        foreach (string line in text.Split('\n'))
        {
            if (ThreadLine().Match(line) is { Success: true } thread)
                stacks[thread.Groups[1].Value] = stack = [];
            else if (FrameLine().Match(line) is { Success: true } frame)
                stack.Add(
                    new OsvFrame(
                        frame.Groups[1].Success ? ParseHex(frame.Groups[1].Value) : 0,
                        false,
                        frame.Groups[2].Value
                    )
                );
        }

        return stacks;
    }

    // gdb prints no address for a frame at the start of a line, among others for the innermost one.
    private static bool IsEqual(OsvFrame reference, JsonElement own) =>
        (reference.Address == 0 || reference.Address == GetAddress(own)) && reference.ShortName == GetShortName(own);

    private static bool IsMissedByGdb(JsonElement row, List<OsvFrame> reference) =>
        row.GetProperty("foundBy").GetString() == nameof(FrameOrigin.TailCall)
        && reference.All(frame => frame.Address != GetAddress(row));

    private static string GetShortName(JsonElement row) =>
        new OsvFrame(0, false, row.GetProperty("function").GetString() ?? "").ShortName;

    // A thread that runs on the stack of an interrupt: OSv's command takes the registers of when it last waited.
    private static bool IsOldInReference(List<OsvFrame> reference, JsonElement[] own) =>
        reference.Count > 0 && reference[0].ShortName == "switch_to" && GetShortName(own[0]) != "switch_to";

    private static ulong GetAddress(JsonElement row) => ParseHex(row.GetProperty("address").GetString()![2..]);

    private static ulong ParseHex(string digits) =>
        ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^thread (0x[0-9a-f]+)")]
    private static partial Regex ThreadLine();

    [GeneratedRegex(@"^#\d+ +(?:0x([0-9a-f]+) in )?(.+?)(?: at \S+| from \S+)?$")]
    private static partial Regex FrameLine();
}
