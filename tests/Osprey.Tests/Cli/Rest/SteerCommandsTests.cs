using Osprey.Tests.Builders.Rest;

namespace Osprey.Tests.Cli.Rest;

public sealed class SteerCommandsTests : IDisposable
{
    private readonly RestCommand _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public void Status_Patterns_ShowThoseThatMatch()
    {
        _command.Server.Guest.Tracepoints[2].Enabled = true;
        _command.Server.Guest.Tracepoints[3].Enabled = true;
        _command.Server.Guest.Tracepoints[3].Backtrace = true;

        _command.Run("status");
        _command.Run("status", "vfs_o*", "/^sched/", "--no-header");
        _command.Run("status", "--regex", "open");
        _command.Run("status", "--enabled", "--json");
        _command.Run("status", "vfs_opne");

        _command.Verify();
    }

    [Fact]
    public void Status_NameWithControlCharacters_IsEscaped()
    {
        _command.Server.Guest.Tracepoints.Clear();
        _command.Server.Fault = request =>
            request.Path == "/trace/status"
                ? FakeRestReply.Json(
                    """[{"name": "a\u001b[31m\u202eb\u0000", "id": "x", "enabled": true, "backtrace": false}]"""
                )
                : null;

        _command.Run("status");
        _command.Run("status", "--json");

        _command.Verify();
    }

    [Fact]
    public void EnableAndDisable_ShowWhatChanged()
    {
        _command.Run("enable", "vfs_*");
        _command.Run("enable", "-b", "vfs_open", "clear_pte");
        _command.Run("enable", "--no-backtrace", "vfs_open", "--json");
        _command.Run("disable", "*");
        _command.Run("enable");
        _command.Run("enable", "-b", "--no-backtrace", "vfs_open");
        _command.Run("disable", "nosuch");

        _command.Verify();
    }

    [Fact]
    public void Count_Iterations_ShowsRatesAndStopsItsCounters()
    {
        MoveCounters();
        _command.Server.Guest.Tracepoints.First(point => point.Name == "vfs_close").Count = 7;

        _command.Run("count", "vfs_open", "clear_pte", "-i", "10ms", "-n", "22");
        _command.Run("count", "vfs_close", "vfs_open", "-i", "10ms", "-n", "1", "--json");

        _command.Verify();
    }

    [Fact]
    public void Count_StartReadStop_LeaveCountersRunningMeanwhile()
    {
        _command.Run("count", "--read");
        _command.Run("count", "vfs_*", "--start");
        _command.Run("count", "--read", "--json");
        _command.Run("count", "--stop", "vfs_close");
        _command.Run("count", "--stop", "nosuch");
        _command.Run("count", "--stop");
        _command.Run("count");
        _command.Run("count", "--stop", "--read");
        _command.Run("count", "vfs_open", "-i", "soon");
        _command.Run("count", "vfs_open", "-n", "0");

        _command.Verify();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void Count_Signal_StopsItsCountersAndEndsWell(string signal)
    {
        _command.Cli.RunAndSignal(signal, "trace", "count", "vfs_open", "-u", _command.Server.Url, "-i", "1h");

        Assert.Equal(0, _command.Cli.ExitCode);
        Assert.Equal("POST /trace/count/vfs_open?enabled=false", _command.Server.Log[^1]);
    }

    [Fact]
    public void Count_SignalBeforeTheLastRow_IsAnInterruption()
    {
        _command.Cli.RunAndSignal(
            "INT",
            "trace",
            "count",
            "vfs_open",
            "-u",
            _command.Server.Url,
            "-i",
            "1h",
            "-n",
            "1"
        );

        Assert.Equal(130, _command.Cli.ExitCode);
        Assert.Equal("POST /trace/count/vfs_open?enabled=false", _command.Server.Log[^1]);
    }

    [Fact]
    public void Sampler_StartsAndStops()
    {
        _command.Run("sampler", "3000");
        _command.Run("sampler", "off", "--json");
        _command.Run("sampler", "200000");
        _command.Run("sampler", "-5");
        _command.Run("sampler");

        _command.Verify();
    }

    [Fact]
    public void Failures_AreOneLineAndAdvice()
    {
        _command.Cli.Run("trace", "status", "-u", $"localhost:{RestCommand.UnusedPort}");
        _command.Cli.Run("trace", "status", "-u", "ftp://guest");
        _command.Cli.Run("trace", "status", "--timeout", "0");
        _command.Server.Fault = _ => FakeRestReply.Error(500, "out of \\u001b[1mmemory");
        _command.Run("enable", "vfs_open");
        _command.Server.Fault = _ => FakeRestReply.Of(200, "[{\"name\""u8.ToArray(), length: 100);
        _command.Run("status");
        _command.Server.Fault = _ => new FakeRestReply([], FakeRestReply.End.Stall);
        _command.Run("status", "--timeout", "1");

        _command.Verify();
    }

    /// <summary>With each reading of the counters half a second passes, and there are hits.</summary>
    private void MoveCounters()
    {
        FakeRestGuest guest = _command.Server.Guest;
        int readings = 0;
        _command.Server.Fault = request =>
        {
            if (request is { Method: "GET", Path: "/trace/count" })
            {
                guest.Uptime += 500;
                readings++;
                foreach (FakeTracepoint point in guest.Tracepoints.Where(point => point.Count is not null))
                    point.Count += readings * point.Name.Length;
            }

            return null;
        };
    }
}
