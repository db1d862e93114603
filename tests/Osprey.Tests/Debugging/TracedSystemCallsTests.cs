using System.Text.RegularExpressions;
using Osprey.Tests.Cli;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.Debugging;

/// <summary>Traced calls in a guest whose kernel begins each system call at another place of its stack.</summary>
[Collection(StacksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class TracedSystemCallsTests(StacksGuest fixture)
{
    [LinuxGuestFact]
    public void TraceCalls_OneAfterTheOther_AreNotWithinEachOther()
    {
        string[] depths = Trace("ksys_read");
        Assert.True(depths.Length > 10, $"{depths.Length} calls");
        Assert.All(depths, depth => Assert.Equal("0", depth));
    }

    [LinuxGuestFact]
    public void TraceCalls_WithinEachOther_AreSoStill()
    {
        string[] depths = Trace("ksys_read", "vfs_read");
        Assert.Contains("1", depths);
        Assert.All(depths, depth => Assert.Contains(depth, (string[])["0", "1"]));
    }

    private string[] Trace(params string[] functions)
    {
        string name = fixture.Guest.Name;
        CommandRun run = CommandRun.Of([
            "trace-calls",
            .. functions,
            "--thread",
            "osprey-calls",
            "--duration",
            "3s",
            "--json",
            "--target",
            name,
        ]);
        Assert.True(run.ExitCode == 0, run.Messages);
        return [.. Regex.Matches(run.Text, "\"depth\": ?(\\d+)").Select(match => match.Groups[1].Value)];
    }
}
