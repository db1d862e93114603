using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Tests.GdbServer.Faults;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.GdbServer.Lldb;

/// <summary>Steps and breakpoints of guest threads in stock lldb, on a Linux guest without a file.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class LinuxLldbStepTests(TasksGuest fixture)
{
    private const string Stepped = "instruction step into";
    private const string SteppedOver = "instruction step over";

    private LldbLinuxGuest Served => field ??= new(fixture.Guest);

    [LinuxGuestFact("lldb")]
    public void Steps_OfAThreadOnNoCpu_StayWithIt()
    {
        using IDisposable pause = Served.Pause();
        LldbThread thread = Served.Find(one =>
            !one.IsRunning && one.Name.StartsWith("spinner-", StringComparison.Ordinal)
        );
        using ServerProcess server = Served.Serve();
        LldbSession lldb = LldbSession.Run(
            server.Address,
            Served.Kernel,
            $"thread select {thread.Index}",
            "register read rip",
            "thread step-inst", // to behind where it goes on
            "thread step-inst-over", // and over the call that ends the switch
            "thread step-inst",
            "thread step-over",
            "thread step-inst",
            "thread list"
        );

        Assert.Equal([Stepped, SteppedOver, Stepped, SteppedOver, Stepped], lldb.Stops.Select(stop => stop.Reason));
        Assert.All(lldb.Stops, stop => Assert.Equal((thread.Index, thread.Name), (stop.Index, stop.Name)));
        string before = Assert.Single(lldb.ReadRegister("rip"));
        Assert.Equal(6, lldb.Stops.Select(stop => $"0x{stop.Address:x}").Append(before).Distinct().Count());
        Assert.Contains("__schedule", lldb.Stops[1].Place, StringComparison.Ordinal);
        Assert.Equal((thread.Id, true), lldb.Threads.Where(one => one.Index == thread.Index).Select(Describe).Single());

        static (long, bool) Describe(LldbThread one) => (one.Id, one.IsRunning);
    }

    [LinuxGuestFact("lldb")]
    public void Steps_OfAThreadThatRuns_StayWithIt()
    {
        LinuxFaultGuest guest = Served.Guest;
        using ServerProcess server = Served.Serve();
        LldbSession lldb = LldbSession.Run(
            server.Address,
            Served.Kernel,
            [
                $"breakpoint set -a {guest.Place}",
                "continue",
                "breakpoint delete -f",
                .. Enumerable.Repeat("thread step-inst", 12),
            ]
        );

        Assert.True(lldb.Stops.Count == 13, lldb.Text);
        LldbStop there = lldb.Stops[0];
        Assert.All(
            lldb.Stops.Skip(1),
            stop => Assert.Equal((there.Index, there.Name, Stepped), (stop.Index, stop.Name, stop.Reason))
        );
        Assert.Equal(13, lldb.Stops.Select(stop => stop.Address).Distinct().Count());
    }

    [LinuxGuestFact("lldb")]
    public void StepOut_OfAFunction_EndsInItsCallerOnTheSameThread()
    {
        LinuxFaultGuest guest = Served.Guest;
        using ServerProcess server = Served.Serve();
        LldbSession lldb = LldbSession.Run(
            server.Address,
            Served.Kernel,
            $"breakpoint set -a {guest.Place}",
            "continue",
            "thread backtrace -c 2",
            "thread step-out",
            "continue",
            "thread step-inst",
            "finish"
        );

        Assert.True(lldb.Stops.Count >= 5, lldb.Text);
        LldbStop[] stops = [.. lldb.Stops.Where(stop => stop.Address != 0).DistinctBy(stop => stop)];
        ulong caller = Convert.ToUInt64(Regex.Match(lldb.Text, "frame #1: (0x[0-9a-f]+)").Groups[1].Value, 16);
        LldbStop[] left = [.. stops.Where(stop => stop.Reason == "step out")];
        Assert.NotEmpty(left);
        Assert.Equal(caller, left[0].Address);
        Assert.Equal(stops[0].Index, left[0].Index);
        Assert.DoesNotContain(left, stop => stop.Place.Contains("hrtimer_interrupt", StringComparison.Ordinal));
        Assert.Contains(stops, stop => stop.Reason == Stepped);
    }

    [LinuxGuestFact("lldb")]
    public void Breakpoints_WithAConditionOrAThread_StopThereAlone()
    {
        LinuxFaultGuest guest = Served.Guest;
        long id = guest.ListThreads().Single(thread => thread.Name == "spinner-two").Id;
        using ServerProcess server = Served.Serve();
        LldbSession lldb = LldbSession.Run(
            server.Address,
            Served.Kernel,
            $"breakpoint set -a {guest.Place} -c '{guest.Current} == {id}'",
            "continue",
            "continue",
            "continue",
            "breakpoint delete -f",
            string.Create(CultureInfo.InvariantCulture, $"breakpoint set -a {guest.Place} -t {id}"),
            "continue",
            "continue"
        );

        Assert.True(lldb.Stops.Count == 5, lldb.Text);
        Assert.All(lldb.Stops, stop => Assert.Equal("spinner-two", stop.Name));
        Assert.Equal(
            ["breakpoint 1.1", "breakpoint 1.1", "breakpoint 1.1", "breakpoint 2.1", "breakpoint 2.1"],
            lldb.Stops.Select(stop => stop.Reason)
        );
    }

    [LinuxGuestFact("lldb")]
    public void Step_OfAThread_AsksForNoOther()
    {
        string log = Path.Combine(fixture.Guest.Folder, "lldb-packets");
        using ServerProcess server = Served.Serve();
        LldbSession lldb = LldbSession.Run(
            server.Address,
            Served.Kernel,
            "thread step-inst",
            $"log enable -f {log} gdb-remote packets",
            "thread step-inst",
            "thread step-inst",
            "log disable gdb-remote packets"
        );
        Assert.True(lldb.Stops.Count == 3, lldb.Text);
        string packets = File.ReadAllText(log, System.Text.Encoding.Latin1);
        string step = packets[packets.LastIndexOf("send packet: $vCont;s", StringComparison.Ordinal)..];
        // Two tasks have ended and have no registers: lldb asks for those again.
        Assert.InRange(step.Split("send packet").Length - 1, 3, 16);
    }
}
