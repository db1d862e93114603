using System.Text.RegularExpressions;
using Osprey.Tests.Cli;
using Osprey.Tests.Debugging;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.GdbServer;

/// <summary>Breakpoints of stock gdb that count for one thread, under a condition, or after some hits.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed partial class GdbBreakpointTests(TasksGuest fixture)
{
    private const string Function = "hrtimer_interrupt";
    private const string Bound = "spinner-one";

    [LinuxGuestFact("gdb")]
    public void Breakpoints_OfOneThreadOrWithAConditionOrACount_StopThereAlone()
    {
        var text = KernelText.Read(fixture.Guest);
        string socket = Path.Combine(fixture.Guest.Folder, "served");
        string place = Address().Match(CommandRun.Of("symbol", Function, "--target", fixture.Guest.Name).Text).Value;
        string stopped = "python print('stopped', gdb.selected_thread().num, gdb.selected_thread().name)";
        string said;
        using (var server = new ServerProcess(socket, "--target", fixture.Guest.Name))
            said = GdbSession.Run(
                socket,
                $"python bound = [t.num for t in gdb.selected_inferior().threads() if t.name == '{Bound}'][0]",
                $"python gdb.execute('break *{place} thread %d' % bound)",
                "continue",
                stopped,
                "continue",
                stopped,
                "delete",
                "set $hits = 0",
                $"break *{place} if ++$hits == 5",
                "continue",
                "print $hits",
                "delete",
                $"break *{place}",
                "ignore $bpnum 3",
                "continue",
                "info breakpoints",
                "delete",
                "detach"
            );

        MatchCollection stops = Stop().Matches(said);
        Assert.True(stops.Count == 2 && stops.All(stop => stop.Groups["name"].Value == Bound), said);
        Assert.Equal(stops[0].Value, stops[1].Value);
        Assert.Contains("$1 = 5\n", said, StringComparison.Ordinal);
        Assert.Contains("breakpoint already hit 4 times", said, StringComparison.Ordinal);
        Assert.Contains("detached", said, StringComparison.Ordinal);
        text.AssertKept();
    }

    [GeneratedRegex(@"(?m)^stopped \d+ (?<name>.*)$")]
    private static partial Regex Stop();

    [GeneratedRegex("0x[0-9a-f]{16}")]
    private static partial Regex Address();
}
