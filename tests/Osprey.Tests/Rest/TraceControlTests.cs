using Osprey.Rest.Connection;
using Osprey.Rest.Counters;
using Osprey.Rest.Tracepoints;
using Osprey.Tests.Builders.Rest;

namespace Osprey.Tests.Rest;

public sealed class TraceControlTests : IDisposable
{
    private readonly FakeRestServer _server = new();
    private readonly GuestRestClient _client;
    private readonly TraceControl _control;

    public TraceControlTests()
    {
        _client = new GuestRestClient(new GuestRestOptions { Url = _server.Url });
        _control = new TraceControl(_client);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task GetGuest_TellsWhatTheServerServes()
    {
        Assert.Equal(new GuestSummary(_client.BaseUrl, "v0.57.0-398-g0e34e4dc", 2), await _control.GetGuestAsync());

        _server.Fault = request =>
            request.Path == "/hardware/processor/count" ? FakeRestReply.Error(404, "Not found") : null;
        Assert.Equal(new GuestSummary(_client.BaseUrl, "v0.57.0-398-g0e34e4dc", null), await _control.GetGuestAsync());

        _server.Fault = request => request.Path == "/os/version" ? FakeRestReply.Error(404, "Not found") : null;
        Assert.Equal(new GuestSummary(_client.BaseUrl, null, 2), await _control.GetGuestAsync());
    }

    [Fact]
    public async Task List_PutsCopiesTogether_InOrder()
    {
        Point("clear_pte").Enabled = true;

        Assert.Equal(
            [
                new TracepointState("clear_pte", 2, 1, 0),
                new TracepointState("vfs_close", 1, 0, 0),
                new TracepointState("vfs_open", 1, 0, 0),
                new TracepointState("vfs_open_ret", 1, 0, 0),
            ],
            await _control.ListAsync(TracepointSelection.Parse(["vfs_*", "clear_pte"]))
        );
        Assert.Equal(["GET /trace/status"], _server.Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Enable_Glob_IsOneRequestThatOldAndNewGuestsReadAlike(bool wholeNames)
    {
        _server.Guest.MatchesWholeNames = wholeNames;

        IReadOnlyList<TracepointChange> changes = await _control.EnableAsync(
            TracepointSelection.Parse(["vfs_open"]),
            backtrace: true
        );

        Assert.Equal([new TracepointChange("vfs_open", new("vfs_open", 1, 0, 0), new("vfs_open", 1, 1, 1))], changes);
        Assert.True(changes[0].Changed);
        Assert.Equal(["vfs_open"], Enabled());
        Assert.Equal(
            [
                "GET /trace/status",
                "POST /trace/status?match=%5Evfs_open%24&enabled=true&backtrace=true",
                "GET /trace/status",
            ],
            _server.Log
        );
    }

    [Fact]
    public async Task Enable_BacktraceNotAsked_KeepsEachOnesOwn()
    {
        Point("vfs_open_ret").Backtrace = true;

        IReadOnlyList<TracepointChange> changes = await _control.EnableAsync(TracepointSelection.Parse(["vfs_*"]));

        Assert.Equal(
            [
                new TracepointChange("vfs_close", new("vfs_close", 1, 0, 0), new("vfs_close", 1, 1, 0)),
                new TracepointChange("vfs_open", new("vfs_open", 1, 0, 0), new("vfs_open", 1, 1, 0)),
                new TracepointChange("vfs_open_ret", new("vfs_open_ret", 1, 0, 1), new("vfs_open_ret", 1, 1, 1)),
            ],
            changes
        );
        Assert.Equal(
            [
                "GET /trace/status",
                "POST /trace/status?match=%5Evfs_close%24&enabled=true&backtrace=false",
                "POST /trace/status?match=%5Evfs_open%24&enabled=true&backtrace=false",
                "POST /trace/status?match=%5Evfs_open_ret%24&enabled=true&backtrace=true",
                "GET /trace/status",
            ],
            _server.Log
        );
    }

    [Fact]
    public async Task Enable_OverlappingPatterns_SendsWhatIsLeftAndKeepsTheFirstState()
    {
        Point("sched_wait").Backtrace = true;

        IReadOnlyList<TracepointChange> changes = await _control.EnableAsync(
            TracepointSelection.Parse(["vfs_open", "*e*", "vfs_o*", "/^sched/"]),
            backtrace: false
        );

        Assert.Equal(
            ["clear_pte", "function entry", "sampler_tick", "sched_wait", "vfs_close", "vfs_open", "vfs_open_ret"],
            changes.Select(change => change.Name)
        );
        Assert.All(
            changes,
            change =>
                Assert.Equal((0, change.Current.Copies), (change.Previous.EnabledCopies, change.Current.EnabledCopies))
        );
        Assert.Equal(
            [
                "GET /trace/status",
                "POST /trace/status?match=%5Evfs_open%24&enabled=true&backtrace=false",
                "POST /trace/status?match=%5E.%2Ae.%2A%24&enabled=true&backtrace=false",
                "GET /trace/status",
            ],
            _server.Log
        );
    }

    [Fact]
    public async Task Enable_RegexThatGuestsReadDifferently_IsSentByName()
    {
        await _control.EnableAsync(TracepointSelection.Parse(["/^vfs_\\(open\\|close\\)$/"]));

        Assert.Equal(["vfs_open", "vfs_close"], Enabled());
    }

    [Fact]
    public async Task Enable_NameThatNoMatchCanSay_IsSentByItsId()
    {
        _server.Guest.Tracepoints.Add(new FakeTracepoint("odd^name"));

        await _control.EnableAsync(TracepointSelection.Parse(["odd*", "/^odd/"]));
        await _control.DisableAsync(TracepointSelection.Parse(["odd^name"]));

        Assert.Equal(
            [
                "GET /trace/status",
                "POST /trace/status?match=%5Eodd.%2A%24&enabled=true&backtrace=false",
                "GET /trace/status",
                "GET /trace/status",
                "POST /trace/event/odd%5Ename?enabled=false&backtrace=false",
                "GET /trace/status",
            ],
            _server.Log
        );
        Assert.Empty(Enabled());
    }

    [Fact]
    public async Task Disable_WhatIsOffAlready_SendsNothing()
    {
        Point("vfs_open").Backtrace = true;

        IReadOnlyList<TracepointChange> changes = await _control.DisableAsync(TracepointSelection.Parse(["vfs_open"]));

        Assert.Equal([new TracepointChange("vfs_open", new("vfs_open", 1, 0, 1), new("vfs_open", 1, 0, 1))], changes);
        Assert.False(changes[0].Changed);
        Assert.Equal(["GET /trace/status"], _server.Log);
    }

    [Fact]
    public async Task Enable_NoSuchTracepoint_ChangesNothing()
    {
        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() =>
            _control.EnableAsync(TracepointSelection.Parse(["vfs_open", "vfs_opne"]))
        );

        Assert.Equal("no tracepoint matches 'vfs_opne'\nNear names: vfs_open", error.Message);
        Assert.Empty(Enabled());
    }

    [Fact]
    public async Task Enable_GuestWithoutTracepoints_IsExplained()
    {
        _server.Guest.Tracepoints.Clear();

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() =>
            _control.EnableAsync(TracepointSelection.All)
        );

        Assert.Equal("the guest has no tracepoints at all\nWas its kernel built without tracing?", error.Message);
    }

    [Fact]
    public async Task Enable_GuestThatDoesNotDoIt_IsFoundOut()
    {
        _server.Fault = request => request.Method == "POST" ? FakeRestReply.Json("[]") : null;

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() =>
            _control.EnableAsync(TracepointSelection.Parse(["vfs_*"]))
        );

        Assert.Equal(
            "the guest took the request, but is not in the state asked for: vfs_close, vfs_open, vfs_open_ret\n"
                + "Does someone else steer its tracepoints at the same time?",
            error.Message
        );
        Assert.Equal(GuestRestProblem.NotApplied, error.Problem);
    }

    [Fact]
    public async Task Enable_FailureMidway_SaysWhatWasDone()
    {
        _server.Fault = request =>
            request.Query.Contains("sched", StringComparison.Ordinal)
                ? FakeRestReply.Error(500, "std::bad_alloc")
                : null;

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() =>
            _control.EnableAsync(TracepointSelection.Parse(["vfs_*", "sched_*"]))
        );

        Assert.Equal(
            "the guest failed at POST /trace/status: std::bad_alloc (status 500) (1 of 2 requests were done before)",
            error.Message
        );
    }

    [Fact]
    public async Task Counting_StartReadStop()
    {
        Assert.Empty((await _control.ReadCountersAsync()).List);

        Point("vfs_close").Count = 50;
        CountersStarted started = await _control.StartCountingAsync(
            TracepointSelection.Parse(["vfs_close", "clear_pte"])
        );
        Assert.Equal(["clear_pte"], started.Started);
        Assert.Equal(["vfs_close"], started.AlreadyRunning);

        foreach (FakeTracepoint copy in _server.Guest.Tracepoints.Where(point => point.Name == "clear_pte"))
            copy.Count = 4;
        TraceCounts counts = await _control.ReadCountersAsync();
        Assert.Equal([new TraceCount("clear_pte", 8), new TraceCount("vfs_close", 50)], counts.List);
        Assert.Equal(5000, counts.TimeMilliseconds);

        Assert.Equal(
            [new TraceCount("clear_pte", 8)],
            (await _control.StopCountingAsync(TracepointSelection.Parse(["clear*"]))).List
        );
        Assert.Equal([new TraceCount("vfs_close", 50)], (await _control.StopCountingAsync()).List);
        Assert.Empty((await _control.ReadCountersAsync()).List);
        Assert.Equal("DELETE /trace/count", _server.Log[^2]);
    }

    [Fact]
    public async Task StopCounting_OfWhatIsNotCounted_IsExplained()
    {
        GuestRestException none = await Assert.ThrowsAsync<GuestRestException>(() =>
            _control.StopCountingAsync(TracepointSelection.Parse(["vfs_*"]))
        );
        Assert.Equal("no counter matches 'vfs_*'\nNone is counted.", none.Message);

        await _control.StartCountingAsync(TracepointSelection.Parse(["sched_wait", "clear_pte"]));
        GuestRestException other = await Assert.ThrowsAsync<GuestRestException>(() =>
            _control.StopCountingAsync(TracepointSelection.Parse(["sched_*", "vfs_*"]))
        );
        Assert.Equal("no counter matches 'vfs_*'\nCounted are: clear_pte, sched_wait", other.Message);
    }

    [Fact]
    public async Task StartCounting_FailureMidway_IsUndone()
    {
        Point("vfs_close").Count = 1;
        _server.Fault = request =>
            request.Line == "POST /trace/count/vfs_open_ret?enabled=true"
                ? FakeRestReply.Error(500, "std::bad_alloc")
                : null;

        await Assert.ThrowsAsync<GuestRestException>(() =>
            _control.StartCountingAsync(TracepointSelection.Parse(["vfs_*"]))
        );

        Assert.Equal([new TraceCount("vfs_close", 1)], (await _control.ReadCountersAsync()).List);
    }

    [Fact]
    public async Task WatchCounters_EachPair_GivesRates()
    {
        await _control.StartCountingAsync(TracepointSelection.Parse(["vfs_open"]));
        _server.Fault = request =>
        {
            if (request.Method == "GET")
            {
                _server.Guest.Uptime += 500;
                Point("vfs_open").Count += 10;
            }

            return null;
        };

        List<CounterRates> seen = [];
        await foreach (CounterRates rates in _control.WatchCountersAsync(TimeSpan.FromMilliseconds(1)))
        {
            seen.Add(rates);
            if (seen.Count == 2)
                break;
        }

        Assert.Equal([6000, 6500], seen.Select(rates => rates.TimeMilliseconds));
        Assert.Equal(
            [new CounterRate("vfs_open", 20, 10, 20.0), new CounterRate("vfs_open", 30, 10, 20.0)],
            seen.SelectMany(rates => rates.Rates)
        );
    }

    [Fact]
    public async Task Sampler_StartsAndStops()
    {
        Assert.Equal(
            new SamplerChange(3000, 333_333, "Sampler started successfully"),
            await _control.StartSamplerAsync(3000)
        );
        Assert.Equal(3000, _server.Guest.SamplerFrequency);
        Assert.Equal(new SamplerChange(0, null, "Sampler stopped successfully"), await _control.StopSamplerAsync());
        Assert.Equal(0, _server.Guest.SamplerFrequency);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100_001)]
    public async Task Sampler_OutsideItsLimits_IsRefusedBeforeItIsSent(int frequency)
    {
        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() =>
            _control.StartSamplerAsync(frequency)
        );

        Assert.Equal(
            $"the sampler cannot run at {frequency} Hz\nIts frequency is from 1 to 100000 Hz; 1000 is a good one.",
            error.Message
        );
        Assert.Empty(_server.Log);
    }

    private FakeTracepoint Point(string name) => _server.Guest.Tracepoints.First(point => point.Name == name);

    private IEnumerable<string> Enabled() =>
        _server.Guest.Tracepoints.Where(point => point.Enabled).Select(point => point.Name);
}
