using System.Net;
using System.Net.Sockets;
using Osprey.Rest.Connection;
using Osprey.Tests.Builders.Rest;

namespace Osprey.Tests.Rest;

public sealed class GuestRestErrorsTests : IDisposable
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(100);

    private readonly FakeRestServer _server = new();
    private readonly GuestRestClient _client;

    public GuestRestErrorsTests() =>
        _client = new GuestRestClient(
            new GuestRestOptions
            {
                Url = _server.Url,
                Limits = new GuestRestLimits { MaxListReply = 100_000, MaxReply = 10_000 },
            }
        );

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task NothingListens_IsExplained()
    {
        TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        using GuestRestClient client = new(new GuestRestOptions { Url = $"127.0.0.1:{port}" });

        await FailsAsync(
            client,
            GuestRestProblem.Unreachable,
            $"cannot connect to http://127.0.0.1:{port}: connection refused: nothing listens there",
            "Is the module httpserver-api in the guest's image, and is the guest up, and is its port 8000 "
                + $"forwarded to here (QEMU: hostfwd=tcp::{port}-:8000)?"
        );
    }

    [Fact]
    public async Task UnknownHost_IsExplained()
    {
        using GuestRestClient client = new(new GuestRestOptions { Url = "no-such-host.invalid" });

        await FailsAsync(
            client,
            GuestRestProblem.Unreachable,
            "no address is known for the host 'no-such-host.invalid'",
            "Is the name in the URL right?"
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClosedBeforeAReply_IsExplainedAndNotSentAgain(bool reset)
    {
        _server.Fault = _ => FakeRestReply.Text("", reset ? FakeRestReply.End.Reset : FakeRestReply.End.Close);

        await FailsAsync(
            _client,
            GuestRestProblem.Unreachable,
            $"{_client.BaseUrl} closed the connection without a reply to GET /trace/status",
            "QEMU takes connections to a forwarded port even when nothing listens in the guest. Is the module "
                + "httpserver-api in the guest's image, and is the guest up? If it expects TLS, use an https:// URL."
        );
        Assert.Equal(["GET /trace/status"], _server.Log);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("\0\u0001\u0002\u00ff\u00fe\r\n\r\n")]
    [InlineData("HTTP/1.0 abc\r\n\r\n")]
    public async Task Garbage_IsExplained(string bytes)
    {
        _server.Fault = _ => FakeRestReply.Text(bytes);

        await FailsAsync(
            _client,
            GuestRestProblem.BadReply,
            "the reply to GET /trace/status is not HTTP",
            "Is it an OSv guest that answers there? If it expects TLS, use an https:// URL."
        );
    }

    [Fact]
    public async Task EndlessHeaders_AreBounded()
    {
        _server.Fault = _ => FakeRestReply.Text("HTTP/1.0 200 OK\r\nX: ", FakeRestReply.End.RepeatForEver);

        Assert.Equal(
            GuestRestProblem.BadReply,
            (await Assert.ThrowsAsync<GuestRestException>(() => _client.GetStatusAsync())).Problem
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CutMidBody_IsExplained(bool reset)
    {
        _server.Fault = _ =>
            FakeRestReply.Of(
                200,
                "[{\"na"u8.ToArray(),
                length: 1000,
                then: reset ? FakeRestReply.End.Reset : FakeRestReply.End.Close
            );

        await FailsAsync(
            _client,
            GuestRestProblem.CutShort,
            "the connection ended before the reply to GET /trace/status was complete",
            "Did the guest stop or crash? Look at its console, then try again."
        );
    }

    [Fact]
    public async Task LengthTooShort_IsJsonThatEndsTooEarly()
    {
        _server.Fault = _ =>
            FakeRestReply.Of(
                200,
                "[{\"name\": \"a\", \"id\": \"a\", \"enabled\": true, \"backtrace\": true}]"u8.ToArray(),
                length: 20
            );

        await FailsAsync(
            _client,
            GuestRestProblem.BadReply,
            "the reply to GET /trace/status is malformed at byte 20 of 20: it ends too early",
            "Is it an OSv guest that answers there? Fetch the same URL with curl to see the reply."
        );
    }

    [Fact]
    public async Task Stalls_AreTimedOutWhereTheyHappen()
    {
        using GuestRestClient hurried = new(
            new GuestRestOptions
            {
                Url = _server.Url,
                ConnectTimeout = s_short,
                ReadTimeout = s_short,
                DumpTimeout = s_short,
            }
        );
        const string advice =
            "Is the guest paused in a debugger, or has it crashed (its console tells)? A slow guest needs a "
            + "longer time-out.";

        _server.Fault = _ => FakeRestReply.Text("", FakeRestReply.End.Stall);
        await FailsAsync(hurried, GuestRestProblem.TimedOut, "no reply to GET /trace/status within 0.1 s", advice);
        GuestRestException dump = await Assert.ThrowsAsync<GuestRestException>(() => hurried.OpenDumpAsync());
        Assert.Equal($"no reply to GET /trace/buffers within 0.1 s\n{advice}", dump.Message);

        _server.Fault = _ => FakeRestReply.Of(200, "[{"u8.ToArray(), length: 1000, then: FakeRestReply.End.Stall);
        await FailsAsync(
            hurried,
            GuestRestProblem.TimedOut,
            "the reply to GET /trace/status stopped midway: nothing came for 0.1 s",
            advice
        );
    }

    [Fact]
    public async Task SilentServer_IsGivenTheTimeForAReplyOnly()
    {
        using GuestRestClient client = new(
            new GuestRestOptions
            {
                Url = _server.Url,
                ConnectTimeout = TimeSpan.FromHours(1),
                ReadTimeout = s_short,
            }
        );
        _server.Fault = _ => FakeRestReply.Text("", FakeRestReply.End.Stall);

        await FailsAsync(
            client,
            GuestRestProblem.TimedOut,
            "no reply to GET /trace/status within 0.1 s",
            "Is the guest paused in a debugger, or has it crashed (its console tells)? A slow guest needs a "
                + "longer time-out."
        );
    }

    [Fact]
    public async Task TlsNeverAnswered_IsAConnectTimeout()
    {
        TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        int port = ((IPEndPoint)silent.LocalEndpoint).Port;
        using GuestRestClient client = new(
            new GuestRestOptions { Url = $"https://127.0.0.1:{port}", ConnectTimeout = s_short }
        );

        await FailsAsync(
            client,
            GuestRestProblem.TimedOut,
            $"no connection to https://127.0.0.1:{port} within 0.1 s",
            "Is the address right? A firewall or a paused guest looks the same, and so does a server that speaks "
                + "no TLS at an https URL."
        );
        silent.Stop();
    }

    [Fact]
    public async Task Cancellation_IsTheCallersOwn()
    {
        _server.Fault = _ => FakeRestReply.Text("", FakeRestReply.End.Stall);
        using CancellationTokenSource source = new(s_short);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.GetStatusAsync(null, source.Token));
    }

    [Fact]
    public async Task NotFound_NamesTheModules()
    {
        _server.Fault = _ => FakeRestReply.Error(404, "Not found");

        await FailsAsync(
            _client,
            GuestRestProblem.NotServed,
            "the guest does not serve GET /trace/status: Not found (status 404)",
            "The image needs the module httpserver-api (httpserver-monitoring-api serves no traces) and a kernel "
                + "with tracepoints compiled in."
        );
        GuestRestException dump = await Assert.ThrowsAsync<GuestRestException>(() => _client.OpenDumpAsync());
        Assert.Equal(
            "the guest does not serve GET /trace/buffers: Not found (status 404)\n"
                + "The dump is left out of kernels that are built with conf_hide_symbols=1, and needs room in the "
                + "guest's /tmp. Otherwise: the image needs the module httpserver-api (httpserver-monitoring-api "
                + "serves no traces) and a kernel with tracepoints compiled in.",
            dump.Message
        );
        GuestRestException version = await Assert.ThrowsAsync<GuestRestException>(() => _client.GetOsVersionAsync());
        Assert.Equal("the guest does not serve GET /os/version: Not found (status 404)", version.Message);
    }

    [Theory]
    [InlineData(
        400,
        "Invalid value maybe use true/false or 0/1",
        "the guest refused GET /trace/status: Invalid value maybe use true/false or 0/1 (status 400)"
    )]
    [InlineData(
        500,
        "std::bad_alloc\\u001b[31m",
        "the guest failed at GET /trace/status: std::bad_alloc.[31m (status 500)"
    )]
    public async Task ErrorReply_IsQuoted(int status, string message, string expected)
    {
        _server.Fault = _ => FakeRestReply.Error(status, message);

        await FailsAsync(_client, GuestRestProblem.GuestFailed, expected, null);
    }

    [Theory]
    [InlineData(
        GuestRestProblem.BadReply,
        500,
        "<html>\nOops</html>",
        "GET /trace/status was answered with status 500: <html>.Oops</html>"
    )]
    [InlineData(GuestRestProblem.BadReply, 500, "", "GET /trace/status was answered with status 500")]
    [InlineData(GuestRestProblem.NotServed, 404, "nope", "GET /trace/status was answered with status 404: nope")]
    public async Task ErrorOfSomeOtherServer_IsShown(GuestRestProblem problem, int status, string body, string expected)
    {
        _server.Fault = _ => FakeRestReply.Of(status, System.Text.Encoding.UTF8.GetBytes(body), "text/html");

        await FailsAsync(
            _client,
            problem,
            expected,
            "OSv's REST server words its errors in another way: is it an OSv guest that answers there?"
        );
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        _server.Fault = _ => FakeRestReply.Text("HTTP/1.0 302 Found\r\nLocation: http://localhost:1/\r\n\r\n");

        await FailsAsync(
            _client,
            GuestRestProblem.BadReply,
            "GET /trace/status was answered with status 302",
            "OSv's REST server words its errors in another way: is it an OSv guest that answers there?"
        );
    }

    [Fact]
    public async Task EndlessBody_IsBounded()
    {
        _server.Fault = _ => FakeRestReply.Of(200, [], withLength: false, then: FakeRestReply.End.RepeatForEver);
        await FailsAsync(
            _client,
            GuestRestProblem.BadReply,
            "the reply to GET /trace/status is larger than 100000 bytes",
            "Is it an OSv guest that answers there?"
        );

        _server.Fault = _ => FakeRestReply.Of(200, [], length: 100_001, then: FakeRestReply.End.RepeatForEver);
        await FailsAsync(
            _client,
            GuestRestProblem.BadReply,
            "the reply to GET /trace/status is larger than 100000 bytes",
            "Is it an OSv guest that answers there?"
        );

        _server.Fault = _ => FakeRestReply.Of(500, [], withLength: false, then: FakeRestReply.End.RepeatForEver);
        await FailsAsync(
            _client,
            GuestRestProblem.BadReply,
            "the reply to GET /trace/status is larger than 10000 bytes",
            "Is it an OSv guest that answers there?"
        );
    }

    private static async Task FailsAsync(
        GuestRestClient client,
        GuestRestProblem problem,
        string finding,
        string? advice
    )
    {
        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() => client.GetStatusAsync());

        Assert.Equal(advice is null ? finding : $"{finding}\n{advice}", error.Message);
        Assert.Equal((problem, finding, advice), (error.Problem, error.Finding, error.Advice));
    }
}
