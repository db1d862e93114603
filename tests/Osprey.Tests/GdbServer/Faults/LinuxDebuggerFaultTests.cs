using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;

namespace Osprey.Tests.GdbServer.Faults;

/// <summary>The faults of other servers, on a Linux guest without any file of its kernel.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class LinuxDebuggerFaultTests(TasksGuest fixture)
{
    private LinuxFaultGuest Guest => new(fixture.Guest);

    [LinuxGuestFact("gdb")]
    public void StopsAndLists_AreTheGuestsOwn() => DebuggerFaults.StopsAndLists_AreTheGuestsOwn(Guest);

    [LinuxGuestFact("gdb")]
    public void SteppedThread_OnNoCpu_IsTheOneThatStops() =>
        DebuggerFaults.SteppedThread_OnNoCpu_IsTheOneThatStops(Guest);

    [LinuxGuestFact("gdb")]
    public void Registers_AreTheChosenThreads() => DebuggerFaults.Registers_AreTheChosenThreads(Guest);

    [LinuxGuestFact("gdb")]
    public void Step_OfAThread_AsksForNoOther() => DebuggerFaults.Step_OfAThread_AsksForNoOther(Guest);

    [LinuxGuestFact("gdb")]
    public void Kernel_WithoutAFile_HasNamesInGdb()
    {
        LinuxFaultGuest guest = Guest;
        using ServerProcess server = guest.Serve();
        string said = GdbSession.Run(server.Address, $"info symbol {guest.Place}", "info threads");
        Assert.Contains("hrtimer_interrupt in section .text", said, StringComparison.Ordinal);
        Assert.Matches(@"""pipe-reader"" \(sleeping, CPU \d\) +0x[0-9a-f]+ in __schedule \(\)", said);
    }

    [LinuxGuestFact("gdb")]
    public void Session_BegunBeforeTheScheduler_LivesOnWithTheTasks()
    {
        LinuxFaultGuest known = Guest;
        using var booting = new QemuGuest([
            "-S",
            "-m",
            "256",
            "-cpu",
            "max,la57=off",
            "-kernel",
            LinuxGuestImage.Kernel,
            "-append",
            "nokaslr no_timer_check panic=0",
            "-gdb",
            "unix:FOLDER/gdb,server=on,wait=off",
        ]);
        using var server = new ServerProcess(null, "--target", $"{booting.ProcessId}");
        using var gdb = new GdbMachine(server.Address);
        Assert.Equal(["vCPU 0", "vCPU 1"], gdb.ListThreads().Select(thread => thread.Name));

        // The second is called once kthreadd is there, by the first process.
        foreach (string function in (string[])["start_kernel", "workqueue_init"])
        {
            string place = known.FindUnmoved(function);
            gdb.Ask($"-break-insert -h *{place}");
            string stop = gdb.Go("-exec-continue");
            MachineThread there = gdb.ListThreads().Single(one => one.Id == GdbMachine.Value(stop, "thread-id"));
            Assert.Equal(place, GdbMachine.Value(there.Frame, "addr"));
            stop = gdb.Go("-exec-step-instruction");
            Assert.Equal(there.Id, GdbMachine.Value(stop, "thread-id"));
        }

        // It has its name once it runs.
        Assert.Contains(gdb.ListThreads(), thread => thread.Number == "2");
        gdb.Ask("-break-delete");
        gdb.Ask("-target-detach");
    }

    [LinuxGuestFact("gdb")]
    public void List_ThatIsTorn_IsShownAsFarAsItGoes()
    {
        LinuxFaultGuest guest = Guest;
        using ServerProcess server = guest.Serve("--write");
        using var gdb = new GdbMachine(server.Address);
        int whole = gdb.ListThreads().Count;
        string first = gdb.Evaluate($"*(unsigned long *){guest.Tasks}");

        // One that leads nowhere; the first task, linked to itself; and one in the middle of another.
        foreach (string torn in (string[])["0xdead000000000100", guest.Tasks, $"{first} + 8"])
        {
            gdb.Ask($"-data-evaluate-expression \"*(unsigned long *){guest.Tasks} = {torn}\"");
            IReadOnlyList<MachineThread> left = gdb.ListThreads();
            Assert.True(left.Count >= 2 && left.Count < whole, $"{torn}: {left.Count} of {whole}");
            Assert.Contains(left, thread => thread.Details.Contains("may be missing", StringComparison.Ordinal));
        }

        gdb.Ask($"-data-evaluate-expression \"*(unsigned long *){guest.Tasks} = {first}\"");
        Assert.Equal(whole, gdb.ListThreads().Count);
        gdb.Ask("-target-detach");
    }
}
