using System.Text.Json;

namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>Guests that aborted: the message, the CPU, the thread and its stack, by every way.</summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class OsvFailureGuestTests
{
    [OsvGuestTheory(OsvGuests.Tracker)]
    [InlineData(2)]
    [InlineData(4)]
    public void Abort_OfALibrarysThread_IsExplained(int cpus) =>
        Check(
            cpus,
            "/aborter",
            "Aborted",
            "breaker",
            "Aborted",
            ["abort", "breaker::Machine::give_up", "breaker::Machine::run", "break_it"]
        );

    [OsvGuestTheory(OsvGuests.Tracker)]
    [InlineData(2)]
    [InlineData(4)]
    public void Abort_OfAFailedAssertion_IsExplained(int cpus) =>
        Check(
            cpus,
            "/asserter",
            "Assertion failed",
            "checker",
            "balance == 42",
            ["abort", "__assert_fail", "check_balance", "check_books"]
        );

    [OsvGuestTheory(OsvGuests.Tracker)]
    [InlineData(2)]
    [InlineData(4)]
    public void Abort_OfAWildPointer_IsExplained(int cpus) =>
        Check(
            cpus,
            "/segfault",
            "Aborted",
            "astray",
            "Aborted",
            ["abort", "mmu::vm_fault", "page_fault", "ex_pf", "write_to", "go_astray"]
        );

    /// <param name="cpus">How many vCPUs.</param>
    /// <param name="program">What runs.</param>
    /// <param name="console">What its console has at the end.</param>
    /// <param name="thread">The name of the thread that fails.</param>
    /// <param name="message">A part of the message.</param>
    /// <param name="functions">Functions on its stack, innermost first, with others in between.</param>
    private static void Check(
        int cpus,
        string program,
        string console,
        string thread,
        string message,
        string[] functions
    )
    {
        using var guest = new OsvGuest(cpus, OsvGuests.Find(OsvGuests.Tracker), program);
        guest.WaitForText(console);
        Thread.Sleep(1000); // the other CPUs are stopped one after the other
        using var ways = new OsvWays(guest);
        JsonElement abort = ways.Ask("abort");
        Assert.Equal("aborted", abort.GetProperty("verdict").GetString());
        Assert.Contains(message, abort.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(abort.GetProperty("defects").EnumerateArray());
        JsonElement[] found = [.. abort.GetProperty("cpus").EnumerateArray()];
        Assert.Equal(cpus, found.Length);
        JsonElement failed = Assert.Single(found, cpu => cpu.GetProperty("activity").GetString() == "failed");
        Assert.Equal(thread, failed.GetProperty("threadName").GetString());
        Assert.Equal(abort.GetProperty("cpu").GetInt32(), failed.GetProperty("cpu").GetInt32());
        Assert.Equal(cpus - 1, found.Count(cpu => cpu.GetProperty("activity").GetString() == "stopped by another CPU"));
        string[] stack = [.. failed.GetProperty("frames").EnumerateArray().Select(GetFunction)];
        int at = -1;
        foreach (string function in functions)
        {
            at = Array.FindIndex(stack, at + 1, name => name.StartsWith(function, StringComparison.Ordinal));
            Assert.True(at >= 0, $"{function} is not in its place:\n{string.Join('\n', stack)}");
        }

        // The commands for what is behind it answer as well, and the same by each way.
        foreach (
            string[] command in (string[][])
                [
                    ["threads"],
                    ["bt", "--all"],
                    ["locks"],
                    ["log"],
                    ["modules"],
                ]
        )
            ways.Ask(command);
    }

    private static string GetFunction(JsonElement frame) => frame.GetProperty("function").GetString() ?? "";
}
