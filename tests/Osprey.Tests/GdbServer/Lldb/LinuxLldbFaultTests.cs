using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Debugging;
using Osprey.Tests.GdbServer.Faults;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Fixtures;
using Osprey.Tests.Guests.Qmp;

namespace Osprey.Tests.GdbServer.Lldb;

/// <summary>The faults of other servers in stock lldb, on a Linux guest without any file of its kernel.</summary>
[Collection(TasksGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class LinuxLldbFaultTests(TasksGuest fixture)
{
    private LldbLinuxGuest Served => field ??= new(fixture.Guest);

    [LinuxGuestFact("lldb")]
    public void StopsAndLists_AreTheGuestsOwn()
    {
        LinuxFaultGuest guest = Served.Guest;
        var text = KernelText.Read(fixture.Guest);
        using ServerProcess server = Served.Serve();
        string[] stop = ["continue", $"expression -f u -- {guest.Current}"];
        LldbSession lldb = LldbSession.Run(
            server.Address,
            Served.Kernel,
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
        Assert.True(lldb.Stops.Count == 4 && lldb.Values.Count == 4, lldb.Text);
        foreach ((LldbStop told, string running) in lldb.Stops.Zip(lldb.Values))
        {
            Assert.Equal(("breakpoint 1.1", guest.Place), (told.Reason, $"0x{told.Address:x}"));
            long id = lldb.Threads.Last(thread => thread.Index == told.Index).Id;
            // The kernel calls each vCPU's idle task 0, which debuggers can't.
            if (told.Name.StartsWith("swapper/", StringComparison.Ordinal))
                Assert.Equal("0", running);
            else
                Assert.Equal(running, id.ToString(CultureInfo.InvariantCulture));
        }

        // Numbers and names are the same in both lists, and none is there that the guest does not have.
        (long, string, string)[] threads =
        [
            .. lldb
                .Threads.Where(thread => !thread.Name.StartsWith("kworker", StringComparison.Ordinal))
                .Select(thread => (thread.Id, thread.Index, thread.Name)),
        ];
        Assert.All(threads.CountBy(thread => thread), found => Assert.Equal(2, found.Value));
        Assert.Equal(
            guest
                .ListThreads()
                .Select(thread => thread.Name)
                .Where(name => !name.StartsWith("kworker", StringComparison.Ordinal))
                .Order(),
            threads.Select(thread => thread.Item3).Order().Where((_, i) => i % 2 == 0)
        );
        Assert.True(SpinWait.SpinUntil(IsRunning, TimeSpan.FromSeconds(20)));
        text.AssertKept();
    }

    [LinuxGuestFact("lldb")]
    public void Registers_AreTheChosenThreads()
    {
        using IDisposable pause = Served.Pause();
        LldbThread[] threads = Served.List();
        LldbThread[] running = [.. threads.Where(thread => thread.IsRunning)];
        Assert.Equal(2, running.Length);
        LldbThread asleep = threads.First(thread => thread.Name == "pipe-reader");
        using ServerProcess server = Served.Serve("--write");
        foreach (string register in (string[])["rax", "xmm0", "fs_base"])
        {
            LldbSession unknown = LldbSession.Run(
                server.Address,
                null,
                $"thread select {asleep.Index}",
                "register read rsp",
                $"register read {register}"
            );
            Assert.Single(unknown.ReadRegister("rsp"));
            Assert.Matches($"{register} += error: unavailable", unknown.Text);
        }

        LldbSession refused = LldbSession.Run(
            server.Address,
            null,
            $"thread select {asleep.Index}",
            "register write rsp 0"
        );
        Assert.Contains("Failed to write register 'rsp'", refused.Text, StringComparison.Ordinal);

        foreach (
            (LldbThread one, LldbThread other) in (ValueTuple<LldbThread, LldbThread>[])
                [(running[0], running[1]), (running[1], running[0])]
        )
        {
            LldbSession lldb = LldbSession.Run(
                server.Address,
                null,
                $"thread select {one.Index}",
                "register read r15 xmm0",
                "register write r15 0x5a5a1234",
                $"thread select {other.Index}",
                "register read r15",
                "register write r15 0x5a5a4321",
                $"thread select {one.Index}",
                "register read r15"
            );
            IReadOnlyList<string> values = lldb.ReadRegister("r15");
            Assert.True(values.Count == 3, lldb.Text);
            Assert.NotEqual("0x000000005a5a1234", values[1]);
            Assert.Equal("0x000000005a5a1234", values[2]);
            Assert.Equal(ReadVector(one), Assert.Single(lldb.ReadRegister("xmm0")));

            // They are QEMU's now; they become what they were.
            lldb = LldbSession.Run(
                server.Address,
                null,
                $"thread select {one.Index}",
                "register read r15",
                $"register write r15 {values[0]}",
                $"thread select {other.Index}",
                "register read r15",
                $"register write r15 {values[1]}"
            );
            Assert.Equal(["0x000000005a5a1234", "0x000000005a5a4321"], lldb.ReadRegister("r15"));
        }
    }

    [LinuxGuestFact("lldb")]
    public void Session_BegunBeforeTheScheduler_LivesOnWithTheTasks()
    {
        LinuxFaultGuest known = Served.Guest;
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
        string[] places = [known.FindUnmoved("start_kernel"), known.FindUnmoved("workqueue_init")];
        LldbSession lldb = LldbSession.Run(
            server.Address,
            null,
            [
                "thread list",
                .. places.SelectMany(place =>
                    (string[])[$"breakpoint set -H -a {place}", "continue", "thread step-inst"]
                ),
                "thread list",
            ]
        );
        Assert.True(lldb.Stops.Count == 4, lldb.Text);
        Assert.Equal(places, (string[])[$"0x{lldb.Stops[0].Address:x}", $"0x{lldb.Stops[2].Address:x}"]);
        Assert.Equal(lldb.Stops[0].Index, lldb.Stops[1].Index);
        Assert.Equal(lldb.Stops[2].Index, lldb.Stops[3].Index);
        Assert.Equal(["vCPU 0", "vCPU 1"], lldb.Threads.Take(2).Select(thread => thread.Name));
        Assert.Contains(lldb.Threads, thread => thread.Id == 2); // kthreadd, which has its name once it runs
    }

    [LinuxGuestFact("lldb")]
    public void List_ThatIsTorn_IsShownAsFarAsItGoes()
    {
        LinuxFaultGuest guest = Served.Guest;
        using IDisposable pause = Served.Pause();
        int whole = Served.List().Length;
        using ServerProcess server = Served.Serve("--write");
        string first = LldbSession.Run(server.Address, null, $"memory read -s 8 -f x -c 1 {guest.Tasks}").Text;
        first = Regex.Match(first, "(?m)^0x[0-9a-f]+: (0x[0-9a-f]+)").Groups[1].Value;
        try
        {
            // One that leads nowhere, and the first task linked to itself.
            foreach (string torn in (string[])["0xdead000000000100", guest.Tasks])
            {
                Write(torn);
                LldbSession lldb = LldbSession.Run(server.Address, null, "thread list");
                Assert.True(lldb.Threads.Count >= 2 && lldb.Threads.Count < whole, lldb.Text);
            }
        }
        finally
        {
            Write(first);
        }

        Assert.Equal(whole, LldbSession.Run(server.Address, null, "thread list").Threads.Count);

        void Write(string value) =>
            LldbSession.Run(server.Address, null, $"memory write -s 8 {guest.Tasks} {value}", "detach");
    }

    /// <summary>The vector register as QEMU has it, of the vCPU that the thread is on, as lldb writes it.</summary>
    private string ReadVector(LldbThread thread)
    {
        using var qmp = new QmpClient(fixture.Guest.TestQmpSocket);
        string text = qmp.Execute(
                "human-monitor-command",
                new Dictionary<string, object>
                {
                    ["command-line"] = "info registers",
                    ["cpu-index"] = int.Parse(thread.State.Split(' ')[^1], CultureInfo.InvariantCulture),
                }
            )
            .GetString()!;
        string digits = Regex
            .Match(text, "[XY]MM00=([0-9a-f ]+)")
            .Groups[1]
            .Value.Replace(" ", "", StringComparison.Ordinal)[^32..];
        return "{" + string.Join(' ', Convert.FromHexString(digits).Reverse().Select(one => $"0x{one:x2}")) + "}";
    }

    private bool IsRunning()
    {
        using var qmp = new QmpClient(fixture.Guest.TestQmpSocket);
        return qmp.Execute("query-status").GetProperty("running").GetBoolean();
    }
}
