using System.Globalization;
using Osprey.Tests.Cli;
using Osprey.Tests.GdbServer.Faults;
using Osprey.Tests.Guests.Osv;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.GdbServer.Lldb;

/// <summary>The faults of other servers in stock lldb, on an OSv guest.</summary>
[Trait("Category", "Slow")]
public sealed class OsvLldbFaultTests
{
    private const string Stepped = "instruction step into";

    [OsvBuildFact("qemu-system-x86_64", "lldb")]
    public void Faults_OfOthers_AreNone()
    {
        using var booted = new OsvGuest(2);
        booted.WaitForBoot();
        var guest = new OsvFaultGuest(booted);
        StopsAndLists_AreTheGuestsOwn(guest);
        Breakpoint_OfOneThread_StopsForItAlone(guest);

        // While it stands still, each session of lldb numbers its threads in the same way.
        SetRunning(guest, "pause");
        Steps_OfAThreadOnNoCpu_StayWithIt(guest);
        SetRunning(guest, "pause");
        Registers_AreTheChosenThreads(guest);
        SetRunning(guest, "continue");
    }

    private static void SetRunning(OsvFaultGuest guest, string command) =>
        Assert.Equal(0, CommandRun.Of(command, "--target", guest.Name).ExitCode);

    private static void StopsAndLists_AreTheGuestsOwn(OsvFaultGuest guest)
    {
        string[] stop = ["continue", "register read fs_base"];
        LldbSession lldb = Run(
            guest,
            [
                "thread list",
                $"breakpoint set -a {guest.Place}",
                .. stop,
                .. stop,
                .. stop,
                .. stop,
                "thread list",
                "detach",
            ]
        );
        IReadOnlyList<string> pointers = lldb.ReadRegister("fs_base");
        Assert.True(lldb.Stops.Count == 4 && pointers.Count == 4, lldb.Text);
        foreach ((LldbStop told, string pointer) in lldb.Stops.Zip(pointers))
        {
            Assert.Equal(("breakpoint 1.1", guest.Place), (told.Reason, $"0x{told.Address:x}"));

            // Each thread of OSv has its own for as long as it lives.
            long id = lldb.Threads.Last(thread => thread.Index == told.Index).Id;
            CommandRun run = CommandRun.Of("print", "$fs_base", "--thread", $"{id}", "--target", guest.Name);
            Assert.True(run.ExitCode == 0, run.Messages);
            Assert.Equal(Convert.ToUInt64(pointer, 16), ulong.Parse(run.Text, CultureInfo.InvariantCulture));
        }

        // Numbers and names are the same in both lists, and none is there that the guest does not have.
        (long, string, string)[] threads = [.. lldb.Threads.Select(thread => (thread.Id, thread.Index, thread.Name))];
        Assert.All(threads.CountBy(thread => thread), found => Assert.Equal(2, found.Value));
        Assert.Equal(
            guest.ListThreads().Select(thread => thread.Name).Order(),
            threads.Distinct().Select(thread => thread.Item3).Order()
        );
    }

    private static void Steps_OfAThreadOnNoCpu_StayWithIt(OsvFaultGuest guest)
    {
        LldbThread thread = Run(guest, "thread list").Threads.First(one => one.Name == "rand_harvestq");
        LldbSession lldb = Run(
            guest,
            $"thread select {thread.Index}",
            "register read rip",
            "thread step-inst",
            "thread step-inst",
            "thread step-inst",
            "detach"
        );
        Assert.True(lldb.Stops.Count == 3, lldb.Text);
        Assert.All(
            lldb.Stops,
            stop => Assert.Equal((thread.Index, thread.Name, Stepped), (stop.Index, stop.Name, stop.Reason))
        );
        string before = Assert.Single(lldb.ReadRegister("rip"));
        Assert.Equal(4, lldb.Stops.Select(stop => $"0x{stop.Address:x16}").Append(before).Distinct().Count());
    }

    private static void Breakpoint_OfOneThread_StopsForItAlone(OsvFaultGuest guest)
    {
        LldbThread thread = Run(guest, "thread list").Threads.First(one => one.Name == "rand_harvestq");
        string place = CommandRun
            .Of("symbol", "sched::thread::wait", "--target", guest.Name)
            .Text.Split('\n')[0]
            .Split(' ')[0];
        LldbSession lldb = Run(
            guest,
            string.Create(CultureInfo.InvariantCulture, $"breakpoint set -a {place} -t {thread.Id}"),
            "continue",
            "continue",
            "detach"
        );
        Assert.True(lldb.Stops.Count == 2, lldb.Text);
        Assert.All(lldb.Stops, stop => Assert.Equal(thread.Name, stop.Name));
    }

    private static void Registers_AreTheChosenThreads(OsvFaultGuest guest)
    {
        LldbThread asleep = Run(guest, "thread list").Threads.First(one => one.Name == "reclaimer");
        foreach (string register in (string[])["rax", "xmm0"])
        {
            LldbSession unknown = Run(
                guest,
                $"thread select {asleep.Index}",
                "register read rsp",
                $"register read {register}"
            );
            Assert.Single(unknown.ReadRegister("rsp"));
            Assert.Matches($"{register} += error: unavailable", unknown.Text);
        }

        using var server = new ServerProcess(null, "--write", "--target", guest.Name);
        LldbSession refused = LldbSession.Run(
            server.Address,
            null,
            $"thread select {asleep.Index}",
            "register write rsp 0"
        );
        Assert.Contains("Failed to write register 'rsp'", refused.Text, StringComparison.Ordinal);
    }

    private static LldbSession Run(OsvFaultGuest guest, params string[] commands)
    {
        using var server = new ServerProcess(null, "--target", guest.Name);
        return LldbSession.Run(server.Address, null, commands);
    }
}
