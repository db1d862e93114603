using Osprey.Cli.Commands.Rest;
using Osprey.Rest.Connection;
using Osprey.Rest.Dumps;
using Osprey.Rest.Tracepoints;
using Osprey.Tests.Builders.Rest;

namespace Osprey.Tests.Rest;

public sealed class GuestRestClientTests : IDisposable
{
    private readonly FakeRestServer _server = new();
    private readonly GuestRestClient _client;

    public GuestRestClientTests() => _client = new GuestRestClient(new GuestRestOptions { Url = _server.Url });

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task EachCall_SendsWhatTheGuestServes()
    {
        await _client.GetOsVersionAsync();
        await _client.GetProcessorCountAsync();
        await _client.GetStatusAsync();
        await _client.GetStatusAsync("^vfs_.*$");
        await _client.SetStatusAsync(null, true, false);
        await _client.SetStatusAsync("^a b$", false, true);
        await _client.GetEventAsync("function entry");
        await _client.SetEventAsync("vfs_open", true, true);
        await _client.SetCountAsync("vfs_open", true);
        await _client.GetCountsAsync();
        await _client.DeleteCountsAsync();
        await _client.SetSamplerAsync(1000);
        using GuestDump dump = await _client.OpenDumpAsync();

        Assert.Equal(
            [
                "GET /os/version",
                "GET /hardware/processor/count",
                "GET /trace/status",
                "GET /trace/status?match=%5Evfs_.%2A%24",
                "POST /trace/status?enabled=true&backtrace=false",
                "POST /trace/status?match=%5Ea%20b%24&enabled=false&backtrace=true",
                "GET /trace/event/function%20entry",
                "POST /trace/event/vfs_open?enabled=true&backtrace=true",
                "POST /trace/count/vfs_open?enabled=true",
                "GET /trace/count",
                "DELETE /trace/count",
                "POST /trace/sampler?freq=1000",
                "GET /trace/buffers",
            ],
            _server.Log
        );
    }

    [Fact]
    public async Task States_SetAndRead_ArePreviousAndThenNew()
    {
        Assert.Equal(
            new TraceEventInfo("vfs_open", "vfs_open", false, false),
            await _client.SetEventAsync("vfs_open", true, true)
        );
        Assert.Equal(new TraceEventInfo("vfs_open", "vfs_open", true, true), await _client.GetEventAsync("vfs_open"));
        Assert.Equal(
            [new TraceEventInfo("vfs_open", "vfs_open", true, true)],
            await _client.SetStatusAsync("^vfs_open$", true, false)
        );
        Assert.Equal(
            [new TraceEventInfo("vfs_open", "vfs_open", true, false)],
            await _client.GetStatusAsync("^vfs_open$")
        );
        Assert.Equal("v0.57.0-398-g0e34e4dc", await _client.GetOsVersionAsync());
        Assert.Equal(2, await _client.GetProcessorCountAsync());
    }

    [Fact]
    public async Task RecordedReply_HeadersAndBody_AreRead()
    {
        byte[] reply = [.. RecordedReplies.Read("trace_status.headers"), .. RecordedReplies.Read("trace_status.json")];
        _server.Fault = _ => new FakeRestReply(reply);

        Assert.Equal(592, (await _client.GetStatusAsync()).Count);
    }

    [Fact]
    public async Task RecordedError_UnknownTracepoint_IsNamed()
    {
        byte[] reply =
        [
            .. RecordedReplies.Read("trace_event_nosuch.headers"),
            .. RecordedReplies.Read("trace_event_nosuch.json"),
        ];
        _server.Fault = _ => new FakeRestReply(reply);

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() => _client.GetEventAsync("nosuch"));

        Assert.Equal(GuestRestProblem.UnknownTracepoint, error.Problem);
        Assert.Equal("the guest has no tracepoint 'nosuch'", error.Message);
        Assert.Equal("'osprey trace status' lists those it has.", RestAdvice.Of(error));
    }

    [Fact]
    public async Task Counter_OfUnknownTracepoint_IsTheSameError()
    {
        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() =>
            _client.SetCountAsync("nosuch", true)
        );

        Assert.Equal("the guest has no tracepoint 'nosuch'", error.Finding);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/../../status")]
    public async Task Id_ThatAUrlWouldLose_IsRefusedBeforeItIsSent(string id)
    {
        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() =>
            _client.SetEventAsync(id, true, true)
        );

        Assert.Equal($"'{id}' cannot be a tracepoint's name", error.Message);
        Assert.Empty(_server.Log);
    }

    [Fact]
    public async Task Reply_WithoutLength_EndsWithTheConnection()
    {
        _server.Fault = _ => FakeRestReply.Of(200, "7"u8.ToArray(), withLength: false);

        Assert.Equal(7, await _client.GetProcessorCountAsync());
    }

    [Theory]
    [InlineData("http://localhost:8000/", "http://localhost:8000")]
    [InlineData("http://localhost:8000", "http://localhost:8000")]
    [InlineData("http://localhost:8000/guests/1/", "http://localhost:8000/guests/1")]
    [InlineData("https://guest", "https://guest")]
    [InlineData("https://[::1]:8443/", "https://[::1]:8443")]
    [InlineData("192.168.122.89", "http://192.168.122.89:8000")]
    [InlineData("guest:8010", "http://guest:8010")]
    [InlineData("guest:80", "http://guest")]
    [InlineData("guest/", "http://guest:8000")]
    public void Url_AsUsersWriteIt_IsTaken(string url, string expected)
    {
        using GuestRestClient client = new(new GuestRestOptions { Url = url });

        Assert.Equal(expected, client.BaseUrl);
    }

    [Theory]
    [InlineData("", "'' is not a URL")]
    [InlineData("http://", "'http://' is not a URL")]
    [InlineData("ftp://guest/", "'ftp://guest/' is a URL of ftp")]
    [InlineData(
        "http://me:secret@guest/",
        "'http://me:secret@guest/' has a user name, and OSv's REST server knows no users"
    )]
    [InlineData("http://guest/?a=b", "'http://guest/?a=b' has a query or a fragment")]
    [InlineData("guest:port", "'guest:port' is not a URL")]
    public void Url_ThatCannotBeMeant_IsRefused(string url, string expected)
    {
        GuestRestException error = Assert.Throws<GuestRestException>(() =>
            new GuestRestClient(new GuestRestOptions { Url = url })
        );

        Assert.Equal($"{expected}\nGive the REST server's address, such as http://localhost:8000/", error.Message);
    }

    [Fact]
    public void Timeout_OfNothing_IsRefused()
    {
        GuestRestException error = Assert.Throws<GuestRestException>(() =>
            new GuestRestOptions { ReadTimeout = TimeSpan.Zero }
        );

        Assert.Equal("a time-out of 0 s is not possible\nIt must be more than 0 and less than 24 days.", error.Message);
    }
}
