using System.Globalization;
using System.Text.RegularExpressions;

namespace Osprey.Tests.GdbServer.Faults;

/// <summary>
/// What servers for debuggers did wrong in other projects, tried with stock gdb, on a booted guest of any system.
/// </summary>
internal static class DebuggerFaults
{
    private const int Stops = 6;

    /// <summary>
    /// Each stop is told with the thread that is there, by the guest's own word; threads keep their numbers and names
    /// at all stops, and none is there that the guest does not have.
    /// </summary>
    public static void StopsAndLists_AreTheGuestsOwn(FaultGuest guest)
    {
        using ServerProcess server = guest.Serve();
        using var gdb = new GdbMachine(server.Address);
        var seen = new Dictionary<string, (string Id, string Name)>();
        gdb.Ask($"-break-insert *{guest.Place}");
        for (int i = 0; i < Stops; i++)
        {
            string stop = gdb.Go("-exec-continue");
            Assert.True(GdbMachine.Value(stop, "reason") == "breakpoint-hit", $"{stop}\n{gdb.Said}");
            IReadOnlyList<MachineThread> threads = gdb.ListThreads();
            MachineThread there = threads.Single(thread => thread.Id == GdbMachine.Value(stop, "thread-id"));
            Assert.True(there.IsRunning, $"{there}");
            Assert.Equal(Number(guest.Place), Number(GdbMachine.Value(there.Frame, "addr")));
            Assert.Equal(guest.ReadRunning(gdb), there.Number);
            foreach (MachineThread thread in threads)
            {
                Assert.True(thread.Name.Length > 0 && thread.Details.Length > 0, $"{thread}");
                if (seen.TryAdd(thread.Number, (thread.Id, thread.Name)))
                    continue;

                Assert.Equal(seen[thread.Number], (thread.Id, thread.Name));
            }

            // gdb shows at most the threads that the guest has: 0 stands for several idle ones.
            Assert.Equal(threads.Count, threads.Select(thread => thread.Id).Distinct().Count());
            Assert.Equal(guest.ListThreads().Count, threads.Count);
        }

        gdb.Ask("-break-delete");
        gdb.Ask("-target-detach");
    }

    /// <summary>
    /// A step of a thread that is on no vCPU ends in that thread, behind where it was; the wait for one that does not
    /// come ends when gdb is told to.
    /// </summary>
    public static void SteppedThread_OnNoCpu_IsTheOneThatStops(FaultGuest guest)
    {
        using ServerProcess server = guest.Serve();
        using var gdb = new GdbMachine(server.Address);
        MachineThread thread = gdb.ListThreads().First(guest.GoesOnSoon);
        string place = GdbMachine.Value(thread.Frame, "addr");
        for (int i = 0; i < 3; i++)
        {
            string stop = gdb.Go($"-exec-step-instruction --thread {thread.Id}");
            Assert.Equal(
                ("end-stepping-range", thread.Id),
                (GdbMachine.Value(stop, "reason"), GdbMachine.Value(stop, "thread-id"))
            );
            MachineThread now = gdb.ListThreads().Single(one => one.Id == thread.Id);
            Assert.True(now.IsRunning, $"{now}");
            // The first one ends where the thread goes on.
            Assert.Equal(i == 0, place == GdbMachine.Value(now.Frame, "addr"));
            place = GdbMachine.Value(now.Frame, "addr");
        }

        MachineThread sleeper = gdb.ListThreads().First(one => !one.IsRunning && !guest.GoesOnSoon(one));
        gdb.Ask($"-exec-step-instruction --thread {sleeper.Id}");
        Assert.StartsWith("done", gdb.Try("-exec-interrupt --all"), StringComparison.Ordinal);
        string ended = gdb.WaitForStop();
        Assert.True(
            GdbMachine.Value(ended, "signal-name") == "SIGINT" || GdbMachine.Value(ended, "thread-id") == sleeper.Id,
            ended
        );
        Assert.NotEmpty(gdb.ListThreads());
        gdb.Ask("-target-detach");
    }

    /// <summary>
    /// Registers are those of the chosen thread: what is not known is told so, what is written goes to it alone and is
    /// there after a step, and what can't be written is refused.
    /// </summary>
    public static void Registers_AreTheChosenThreads(FaultGuest guest)
    {
        using ServerProcess server = guest.Serve("--write");
        using var gdb = new GdbMachine(server.Address);
        IReadOnlyList<MachineThread> threads = gdb.ListThreads();
        MachineThread[] running = [.. threads.Where(thread => thread.IsRunning)];
        MachineThread asleep = threads.First(thread => !thread.IsRunning);

        gdb.Ask($"-thread-select {asleep.Id}");
        Assert.Equal("<unavailable>", gdb.Evaluate("$rax"));
        Assert.Equal("<unavailable>", gdb.Evaluate("$xmm0.uint128"));
        Assert.NotEqual("<unavailable>", gdb.Evaluate("$rsp"));
        string refused = gdb.Try("-data-evaluate-expression \"$rsp = 0\"");
        Assert.Contains("is on no CPU", refused, StringComparison.Ordinal);

        foreach (MachineThread thread in running)
        {
            gdb.Ask($"-thread-select {thread.Id}");
            string before = gdb.Evaluate("$r15");
            string mark = $"{0x5a5a0000 + int.Parse(thread.Id, CultureInfo.InvariantCulture)}";
            gdb.Ask($"-data-evaluate-expression \"$r15 = {mark}\"");
            gdb.Ask($"-interpreter-exec console \"maintenance flush register-cache\"");
            Assert.Equal(mark, gdb.Evaluate("$r15"));
            foreach (MachineThread other in running.Where(one => one.Id != thread.Id))
            {
                gdb.Ask($"-thread-select {other.Id}");
                Assert.NotEqual(mark, gdb.Evaluate("$r15"));
            }

            gdb.Ask($"-thread-select {thread.Id}");
            gdb.Ask($"-data-evaluate-expression \"$r15 = {before}\"");
            Assert.Equal(ReadVector(gdb, thread), gdb.Evaluate("$xmm0.v2_int64"));
        }

        gdb.Ask("-target-detach");
    }

    /// <summary>A step asks for what it shows, not for every thread.</summary>
    public static void Step_OfAThread_AsksForNoOther(FaultGuest guest)
    {
        using ServerProcess server = guest.Serve();
        using var gdb = new GdbMachine(server.Address);
        int threads = gdb.ListThreads().Count;
        _ = gdb.Go("-exec-step-instruction");
        gdb.Ask("-gdb-set debug remote 1");
        int before = gdb.Said.Length;
        _ = gdb.Go("-exec-step-instruction");
        string step = gdb.Said[before..];
        gdb.Ask("-gdb-set debug remote 0");
        int asked = step.Split("Sending packet").Length - 1;
        Assert.True(asked is > 0 and < 12, $"{asked} packets for a step among {threads} threads:\n{step}");
        gdb.Ask("-target-detach");
    }

    /// <summary>The vector register as QEMU's monitor has it, of the vCPU that the thread is on.</summary>
    private static string ReadVector(GdbMachine gdb, MachineThread thread)
    {
        string cpu = Regex.Match(thread.Details, "CPU ([0-9]+)").Groups[1].Value;
        int before = gdb.Said.Length;
        gdb.Ask($"-interpreter-exec console \"monitor cpu {cpu}\"");
        gdb.Ask("-interpreter-exec console \"monitor info registers\"");
        Match found = Regex.Match(gdb.Said[before..], "[XY]MM00=([0-9a-f ]+)");
        Assert.True(found.Success, gdb.Said[before..]);
        string digits = found.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal)[^32..];
        (long high, long low) = (Convert.ToInt64(digits[..16], 16), Convert.ToInt64(digits[16..], 16));
        return string.Create(CultureInfo.InvariantCulture, $"{{{low}, {high}}}");
    }

    private static ulong Number(string address) =>
        ulong.Parse(address[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
