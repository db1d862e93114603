using System.Text.Json;
using Osprey.Target;
using Osprey.Target.Backends.Qemu.Qmp;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Backends.Qemu;

public sealed class QmpClientTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_impatience = TimeSpan.FromSeconds(1);

    [Fact]
    public void Execute_AnswerBetweenEvents_AnswerGivenEventsKept()
    {
        using var qmp = new FakeQmp(
            FakeQmp.Greeting,
            FakeQmp.Done,
            """{"event": "STOP", "timestamp": {"seconds": 1, "microseconds": 2}}"""
                + "\r\n"
                + """{"return": {"running": false}}"""
                + "\r\n"
                + """{"event": "RESUME"}"""
                + "\r\n",
            """{"return": "a\r\nb"}""" + "\n",
            null
        );
        using var client = QmpClient.Connect(qmp.Endpoint, s_timeout);

        JsonElement status = client.Execute("query-status");
        string text = client.ExecuteHuman("info registers", 3);

        Assert.Equal("7.2.22", client.Version);
        Assert.False(status.GetProperty("running").GetBoolean());
        Assert.Equal("a\nb", text);
        Assert.Equal(["STOP", "RESUME"], client.Events.Select(item => item.Name));
        Assert.Equal(
            [
                """{"execute":"qmp_capabilities","id":1}""",
                """{"execute":"query-status","id":2}""",
                """{"execute":"human-monitor-command","arguments":{"command-line":"info """
                    + """registers","cpu-index":3},"id":3}""",
            ],
            qmp.Received
        );
    }

    /// <summary>Events are no answer, however many come.</summary>
    [Fact]
    public void Execute_EventsWithoutAnAnswer_AreNotWaitedForForEver()
    {
        using var qmp = new FakeQmp(FakeQmp.Greeting, FakeQmp.Done, null) { Repeated = """{"event": "STOP"}""" + "\n" };
        using var client = QmpClient.Connect(qmp.Endpoint, s_impatience);

        TargetException exception = Assert.Throws<TargetException>(() => client.Execute("query-status"));

        Assert.Equal(TargetProblem.QmpSilent, exception.Problem);
        Assert.Contains("sends on and on, and no whole answer to query-status", exception.Message);
    }

    [Fact]
    public void Execute_Refused_QemusWords()
    {
        using var qmp = new FakeQmp(
            FakeQmp.Greeting,
            FakeQmp.Done,
            """{"error": {"class": "CommandNotFound", "desc": "The command x has not been found"}}""" + "\n",
            null
        );
        using var client = QmpClient.Connect(qmp.Endpoint, s_timeout);

        QmpException exception = Assert.Throws<QmpException>(() => client.Execute("x"));

        Assert.Equal(
            ("QEMU refused x: The command x has not been found", "CommandNotFound"),
            (exception.Message, exception.ErrorClass)
        );
    }

    [Fact]
    public void Connect_NoGreeting_SaysSo()
    {
        using var qmp = new FakeQmp([null]);

        TargetException exception = Assert.Throws<TargetException>(() => QmpClient.Connect(qmp.Endpoint, s_impatience));

        Assert.Equal($"QMP at {qmp.Endpoint} accepts the connection but does not greet", exception.Message);
        Assert.Equal(TargetProblem.QmpSilent, exception.Problem);
    }

    [Theory]
    [InlineData("/nonexistent/qmp", "there is no such file")]
    [InlineData("/etc", "it is a folder, not a socket")]
    public void Connect_NobodyListens_SaysSo(string path, string reason) => AssertRefused(path, reason);

    [Fact]
    public void Connect_ToAFileThatIsNoSocket_SaysSo()
    {
        string path = Path.GetTempFileName();
        try
        {
            AssertRefused(path, "nobody listens there");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void AssertRefused(string path, string reason) =>
        Assert.Equal(
            $"can't connect to QMP at unix:{path}: {reason}",
            Assert.Throws<TargetException>(() => QmpClient.Connect(QmpEndpoint.Unix(path), s_timeout)).Message
        );

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\n", "expected JSON as answer to the greeting, found SSH-2.0-OpenSSH")]
    [InlineData("[1]\n", "expected an object as answer to the greeting, found [1]")]
    [InlineData("{}\n", "expected a QMP greeting, found {}")]
    [InlineData("{\"QMP\": {", "QEMU ended the connection")]
    [InlineData("", "QEMU ended the connection")]
    public void Connect_SomethingElse_Explained(string greeting, string message)
    {
        using var qmp = new FakeQmp(greeting);

        Assert.Equal(
            $"QMP at {qmp.Endpoint}: {message}",
            Assert.Throws<TargetException>(() => QmpClient.Connect(qmp.Endpoint, s_timeout)).Message
        );
    }

    [Theory]
    [InlineData("{\"return\": ", "QEMU ended the connection")]
    [InlineData("nonsense\n", "expected JSON as answer to query-status, found nonsense")]
    public void Execute_BadAnswer_Explained(string answer, string message)
    {
        using var qmp = new FakeQmp(FakeQmp.Greeting, FakeQmp.Done, answer);
        using var client = QmpClient.Connect(qmp.Endpoint, s_timeout);

        Assert.Equal(
            $"QMP at {qmp.Endpoint}: {message}",
            Assert.Throws<TargetException>(() => client.Execute("query-status")).Message
        );
    }

    [Fact]
    public void Execute_Silence_GivesUp()
    {
        using var qmp = new FakeQmp(FakeQmp.Greeting, FakeQmp.Done, null);
        using var client = QmpClient.Connect(qmp.Endpoint, TimeSpan.FromSeconds(5));

        Assert.Equal(
            $"QMP at {qmp.Endpoint} does not answer query-status within 5000 ms",
            Assert.Throws<TargetException>(() => client.Execute("query-status")).Message
        );
    }

    [Fact]
    public void Execute_LateAnswers_AreNotTheNextCommands()
    {
        const string Late =
            """{"return": "late", "id": 2}"""
            + "\r\n"
            + """{"event": "STOP"}"""
            + "\r\n"
            + """{"error": {"class": "GenericError", "desc": "late"}, "id": 3}"""
            + "\r\n";
        using var qmp = new FakeQmp(
            FakeQmp.Greeting,
            FakeQmp.Done,
            "",
            "",
            Late + """{"return": "in time"}""" + "\r\n",
            null
        );
        using var client = QmpClient.Connect(qmp.Endpoint, s_impatience);
        Assert.Throws<TargetException>(() => client.Execute("query-status"));
        Assert.Throws<TargetException>(() => client.ExecuteHuman("info mtree"));

        Assert.Equal("in time", client.ExecuteHuman("info registers"));
        Assert.Equal(2, client.LateAnswers);
        Assert.Equal(["STOP"], client.Events.Select(item => item.Name));
    }

    [Fact]
    public void Execute_LateAnswerInTwoHalves_IsNotTheNextCommands()
    {
        using var qmp = new FakeQmp(
            FakeQmp.Greeting,
            FakeQmp.Done,
            """{"return": {"running": tr""",
            "ue}}\r\n" + """{"return": "in time"}""" + "\r\n",
            null
        );
        using var client = QmpClient.Connect(qmp.Endpoint, s_impatience);
        Assert.Throws<TargetException>(() => client.Execute("query-status"));

        Assert.Equal(("in time", 1), (client.ExecuteHuman("info registers"), client.LateAnswers));
    }

    [Theory]
    [InlineData("""{"return": {}, "id": 1}""")]
    [InlineData("""{"return": {}, "id": "2"}""")]
    [InlineData("""{"return": {}, "id": 2.5}""")]
    [InlineData("""{"return": {}, "id": null}""")]
    [InlineData("""{"error": {}, "id": 1}""")]
    public void Execute_AnswerOfAnotherId_IsNone(string answer)
    {
        using var qmp = new FakeQmp(FakeQmp.Greeting, FakeQmp.Done, answer + "\n");
        using var client = QmpClient.Connect(qmp.Endpoint, s_timeout);

        Assert.Equal(
            $"QMP at {qmp.Endpoint}: QEMU ended the connection",
            Assert.Throws<TargetException>(() => client.Execute("query-status")).Message
        );
        Assert.Equal(1, client.LateAnswers);
    }

    [Fact]
    public void Execute_AnswerWithoutId_IsOnlyAnError()
    {
        // With a blank, so that they get none.
        using var qmp = new FakeQmp(
            FakeQmp.Greeting,
            FakeQmp.Done,
            """{ "return": {}}""" + "\n" + """{ "error": {"desc": "not JSON"}}""" + "\n",
            null
        );
        using var client = QmpClient.Connect(qmp.Endpoint, s_timeout);

        Assert.Equal(
            "QEMU refused query-status: not JSON",
            Assert.Throws<QmpException>(() => client.Execute("query-status")).Message
        );
        Assert.Equal(1, client.LateAnswers);
    }

    [Fact]
    public void Execute_LongAnswerInPieces_Whole()
    {
        string text = new('x', 200_000);
        using var qmp = new FakeQmp(
            FakeQmp.Greeting + "\r\n",
            FakeQmp.Done,
            $$"""{"return": "{{text}}"}""" + "\n",
            null
        );
        using var client = QmpClient.Connect(qmp.Endpoint, s_timeout);

        Assert.Equal(text, client.ExecuteHuman("info mtree -f"));
    }

    [Theory]
    [InlineData("unix:/tmp/q", "unix:/tmp/q")]
    [InlineData("/tmp/q", "unix:/tmp/q")]
    [InlineData("tcp:127.0.0.1:4444", "127.0.0.1:4444")]
    [InlineData(":4444", "localhost:4444")]
    [InlineData("tcp::4444", "localhost:4444")]
    [InlineData("0.0.0.0:4444", "localhost:4444")]
    [InlineData("[::1]:4444", "::1:4444")]
    [InlineData("unix:", null)]
    [InlineData("localhost", null)]
    [InlineData("localhost:99999", null)]
    public void TryParse_Endpoint_Understood(string text, string? expected) =>
        Assert.Equal(expected, QmpEndpoint.TryParse(text)?.ToString());
}
