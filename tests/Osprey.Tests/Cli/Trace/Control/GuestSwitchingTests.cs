using System.Text;
using Osprey.Cli.Commands.Trace.Control;
using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Guests.Memory;
using Osprey.Guests.Tracepoints;
using Osprey.Rest.Counters;
using Osprey.Session.Answers.Guests.Tracepoints;
using Osprey.Session.Guests.Patching;
using Osprey.Target.Memory;
using Osprey.Tests.Cli.Guest;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Trace.Control;

/// <summary>
/// <c>osprey trace enable</c>, <c>disable</c>, <c>status</c> and <c>count</c> with a guest in place of a REST server.
/// </summary>
public sealed class GuestSwitchingTests
{
    private static readonly GuestTracepoint s_point = new("vfs_open", 0x408640c0, "", "pii", false, false, false);

    private static readonly GuestTracepointChange[] s_changes =
    [
        new(s_point, s_point with { IsLogging = true, IsActive = true, WithBacktrace = true }, 1),
        new(s_point with { Name = "app\u001bjoin" }, s_point with { Name = "app\u001bjoin", IsLogging = true }, 0),
    ];

    private static readonly TracepointWriteRow[] s_writes =
    [
        Write("vfs_open", "_backtrace", 0x408640f8, [0], [1]),
        Write("vfs_open", "_logging", 0x408640f9, [0], [1]),
        Write("vfs_open", "code", 0x403a7b08, [0x0f, 0x1f, 0x44, 0, 0], [0xe9, 0xa3, 0, 0, 0]),
        Write("app\u001bjoin", "_logging", 0x40864179, [0], [1]),
    ];

    [Fact]
    public void Switch_InEachForm()
    {
        var planned = new TracepointSwitchAnswer(true, s_changes, s_writes, null);
        TracepointSwitchAnswer written = planned with
        {
            Result = new GuestPatchResult("gdb stub localhost:1234", TimeSpan.FromMilliseconds(3.25)),
        };
        TracepointSwitchAnswer[] answers =
        [
            planned,
            written,
            written with
            {
                IsEnabled = false,
                Tracepoints = s_changes[..1],
                Writes = s_writes[2..3],
            },
            planned with
            {
                Writes = [],
            },
            new TracepointSwitchAnswer(false, s_changes[..1], [], null),
        ];
        GoldenFile.Verify(
            string.Concat(answers.Select(answer => Form(answer, isJson: false)))
                + Form(planned, isJson: true)
                + Form(written, isJson: true)
        );
    }

    [Fact]
    public void Rates_OfTwoLooks_AreThoseOfTheTimeBetween()
    {
        var first = new GuestRates(
            0,
            0,
            [new CounterRate("a", 0, null, null), new CounterRate("b", 0, null, null)],
            0,
            0
        );
        GuestRates second = first.Next(2000, name => name == "a" ? 500 : 0, 0, 0);
        GuestRates third = second.Next(2500, name => name == "a" ? 510 : 7, 3, 192);
        Assert.Equal([new CounterRate("a", 510, 10, 20), new CounterRate("b", 7, 7, 14)], third.ToCounterRates().Rates);
        var text = new Osprey.Traces.Text.Utf8Builder();
        var json = new JsonLines();
        json.Append(text, GuestRates.Shape, second);
        json.Append(text, GuestRates.Shape, third);
        GoldenFile.Verify(text.ToString());
    }

    [Theory]
    [InlineData("enable vfs_* --write", "options of the guest go with --target")]
    [InlineData("disable vfs_* --exe a.elf", "options of the guest go with --target")]
    [InlineData("status --target a --url b", "choose one of --target and --url")]
    [InlineData("enable a -T b --cert c", "choose one of --target and --cert")]
    [InlineData("enable -T b", "which tracepoints?")]
    [InlineData("enable a -b --no-backtrace -T b", "contradict each other")]
    [InlineData("status -T a --no-header", "--no-header goes with --url")]
    [InlineData("count -T a --start", "are for counters of the guest's REST server")]
    [InlineData("count -T a --duration never", "is not a time such as 10s")]
    [InlineData("count -T a --iterations 0", "--iterations must be at least 1")]
    [InlineData("count a --duration 5s", "--duration goes with --target")]
    public void CommandLines_ThatMakeNoSense_AreUsageErrors(string commandLine, string reason)
    {
        CommandRun run = CommandRun.Of(["trace", .. commandLine.Split(' ')]);
        Assert.Equal((2, ""), (run.ExitCode, run.Text));
        Assert.Contains(reason, run.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("enable", "vfs_*")]
    [InlineData("disable", "*", "--write")]
    public void KernelWithoutTracepoints_IsToldOf(params string[] command)
    {
        using var guest = new SmallGuest();
        CommandRun run = CommandRun.Of(guest.Arguments(["trace", .. command]));
        Assert.Equal((command[0] == "status" ? 0 : 1, ""), (run.ExitCode, run.Text));
        Assert.Contains("osprey: not configured in this kernel: ", run.Messages, StringComparison.Ordinal);
        Assert.Equal(guest.Core, File.ReadAllBytes(guest.CorePath));
    }

    [Fact]
    public void Count_OfACoreFile_IsRefused()
    {
        using var guest = new SmallGuest();
        CommandRun run = CommandRun.Of(guest.Arguments("trace", "count"));
        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        Assert.Contains("hits can only be counted in a guest that runs", run.Messages, StringComparison.Ordinal);
    }

    private static string Form(TracepointSwitchAnswer answer, bool isJson)
    {
        using var capture = new OutputCapture();
        using (var output = new Output(paged: false))
        {
            GuestSwitching.WriteListing(answer, output, isJson);
            GuestSwitching.WriteEnd(answer, output, isJson);
            output.Flush();
        }

        return Encoding.UTF8.GetString(capture.Data.ToArray());
    }

    private static TracepointWriteRow Write(string owner, string part, ulong address, byte[] before, byte[] after) =>
        new(
            new GuestMemoryWrite(owner, part, address, before, after, part == "code"),
            new PhysicalAddress(address - 0x40000000)
        );
}
