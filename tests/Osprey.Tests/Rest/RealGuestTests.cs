using Osprey.Rest.Connection;
using Osprey.Rest.Counters;
using Osprey.Rest.Dumps;
using Osprey.Rest.Tracepoints;

namespace Osprey.Tests.Rest;

/// <summary>
/// Makes each call to a real guest. Afterwards its tracepoints are off and without backtraces, and its counters and
/// sampler are stopped.
/// </summary>
[Trait("Category", "Slow")]
public sealed class RealGuestTests
{
    [RealGuestFact]
    public async Task Guest_TellsWhatItIs()
    {
        using GuestRestClient client = Connect();

        GuestSummary guest = await new TraceControl(client).GetGuestAsync();

        Assert.Matches("^v[0-9]", guest.OsVersion);
        Assert.InRange(guest.ProcessorCount ?? 0, 1, 1024);
    }

    [RealGuestFact]
    public async Task Tracepoints_AreSetAsAsked_AndNoOthers()
    {
        using GuestRestClient client = Connect();
        TraceControl control = new(client);
        await control.DisableAsync(TracepointSelection.All, backtrace: false);
        Assert.All(
            await control.ListAsync(TracepointSelection.All),
            state => Assert.True(state is { EnabledCopies: 0, BacktraceCopies: 0 }, state.ToString())
        );

        IReadOnlyList<TracepointChange> changes = await control.EnableAsync(
            TracepointSelection.Parse(["vfs_open", "clear_pte", "function entry", "/^sched_wait\\(_ret\\)*$/"]),
            backtrace: true
        );

        string[] chosen = ["clear_pte", "function entry", "sched_wait", "sched_wait_ret", "vfs_open"];
        Assert.Equal(chosen, changes.Select(change => change.Name));
        Assert.All(
            changes,
            change =>
                Assert.True(
                    change.Previous is { EnabledCopies: 0, BacktraceCopies: 0 }
                        && change.Current is { IsUniform: true, Enabled: true, Backtrace: true },
                    change.ToString()
                )
        );
        Assert.Equal(
            chosen,
            (await control.ListAsync(TracepointSelection.All)).Where(state => state.Enabled).Select(state => state.Name)
        );

        await control.EnableAsync(TracepointSelection.Parse(["vfs_open*"]));
        Assert.Equal(
            ["vfs_open 1", "vfs_open_err 0", "vfs_open_ret 0"],
            (await control.ListAsync(TracepointSelection.Parse(["vfs_open*"]))).Select(state =>
                $"{state.Name} {state.BacktraceCopies}"
            )
        );
        await control.DisableAsync(TracepointSelection.All, backtrace: false);
    }

    [RealGuestFact]
    public async Task Event_OfUnknownName_IsExplained()
    {
        using GuestRestClient client = Connect();

        Assert.Equal(
            "the guest has no tracepoint 'no/such one'",
            (await Assert.ThrowsAsync<GuestRestException>(() => client.GetEventAsync("no/such one"))).Finding
        );
        Assert.Equal(
            "the guest has no tracepoint 'no such'",
            (await Assert.ThrowsAsync<GuestRestException>(() => client.SetEventAsync("no such", true, true))).Finding
        );
        Assert.Equal(
            "the guest has no tracepoint 'nosuch'",
            (await Assert.ThrowsAsync<GuestRestException>(() => client.SetCountAsync("nosuch", true))).Finding
        );
        Assert.Equal(
            "the guest refused POST /trace/sampler: Frequency too large. Maximum is 100000 (status 400)",
            (await Assert.ThrowsAsync<GuestRestException>(() => client.SetSamplerAsync(100_001))).Message
        );
    }

    [RealGuestFact]
    public async Task Counters_CountWhatTheServerItselfDoes()
    {
        using GuestRestClient client = Connect();
        TraceControl control = new(client);
        await control.StopCountingAsync();
        Assert.Empty((await control.ReadCountersAsync()).List);

        await control.StartCountingAsync(TracepointSelection.Parse(["sched_wait", "tcp_state"]));
        await foreach (CounterRates rates in control.WatchCountersAsync(TimeSpan.FromMilliseconds(300)))
        {
            Assert.Equal(["sched_wait", "tcp_state"], rates.Rates.Select(rate => rate.Name));
            Assert.All(rates.Rates, rate => Assert.True(rate.Delta > 0 && rate.PerSecond > 0, rate.ToString()));
            break;
        }

        Assert.Equal(
            ["sched_wait"],
            (await control.StartCountingAsync(TracepointSelection.Parse(["sched_wait"]))).AlreadyRunning
        );
        await control.StopCountingAsync(TracepointSelection.Parse(["tcp*"]));
        Assert.Equal(["sched_wait"], (await control.ReadCountersAsync()).List.Select(count => count.Name));
        await control.StopCountingAsync();
        Assert.Empty((await control.ReadCountersAsync()).List);
    }

    [RealGuestFact]
    public async Task Sampler_StartsAndStops()
    {
        using GuestRestClient client = Connect();
        TraceControl control = new(client);
        TracepointSelection tick = TracepointSelection.Parse(["sampler_tick"]);

        Assert.Equal("Sampler started successfully", (await control.StartSamplerAsync(100)).Reply);
        Assert.Equal([new TracepointState("sampler_tick", 1, 1, 1)], await control.ListAsync(tick));
        Assert.Equal("Sampler stopped successfully", (await control.StopSamplerAsync()).Reply);
        Assert.Equal([new TracepointState("sampler_tick", 1, 0, 0)], await control.ListAsync(tick));
    }

    [RealGuestFact]
    public async Task Dump_IsDownloaded()
    {
        using GuestRestClient client = Connect();
        string path = Path.GetTempFileName();
        try
        {
            await new TraceControl(client).EnableAsync(TracepointSelection.Parse(["sched_wait"]), backtrace: true);

            DownloadResult result = await new TraceDownload(client).DownloadAsync(path);

            Assert.Equal(result.Received, new FileInfo(path).Length);
            Assert.False(File.Exists(path + ".partial"));
        }
        finally
        {
            await new TraceControl(client).DisableAsync(TracepointSelection.All, backtrace: false);
            File.Delete(path);
        }
    }

    private static GuestRestClient Connect() => new(new GuestRestOptions { Url = RealGuestFactAttribute.Url });
}
