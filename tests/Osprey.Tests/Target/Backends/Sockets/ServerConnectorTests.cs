using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Osprey.Rsp.Client;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu.Qmp;
using Osprey.Target.Backends.Sockets;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Backends.Sockets;

/// <summary>Servers that have one client at a time and are busy, full, silent, or hang up.</summary>
public sealed class ServerConnectorTests
{
    private static readonly TimeSpan s_impatience = TimeSpan.FromMilliseconds(300);

    private static string Self
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return $"{File.ReadAllText("/proc/self/comm").Trim()} (pid {process.Id})";
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stub_ThatServesAnother_IsRefusedByItsNameAndNotConnectedTo(bool isTcp)
    {
        using var server = new SilentServer(isTcp, backlog: 8);
        server.Connect();
        server.Accept();

        TargetException refused = Assert.Throws<TargetException>(() => GdbTarget.Connect(server.Stub));

        Assert.Equal(
            (TargetProblem.StubBusy, $"the gdb stub at {server.Stub} is in use: {Self} is connected to it"),
            (refused.Problem, refused.Message)
        );
        Assert.Equal((1, 0), Count(server));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stub_ThatOthersWaitFor_IsRefusedAndNotConnectedTo(bool isTcp)
    {
        using var server = new SilentServer(isTcp, backlog: 8);
        server.Connect();

        TargetException refused = Assert.Throws<TargetException>(() => GdbTarget.Connect(server.Stub));

        Assert.Equal(TargetProblem.StubBusy, refused.Problem);
        Assert.Equal((0, 1), Count(server));
    }

    [Fact]
    public void Qmp_ThatServesAnother_IsSaidToBeBusyAndNotConnectedTo()
    {
        using var server = new SilentServer(backlog: 8);
        server.Connect();
        server.Accept();

        TargetException refused = Assert.Throws<TargetException>(() =>
            QmpClient.Connect(QmpEndpoint.Unix(server.Path!), s_impatience)
        );

        Assert.Equal(
            (TargetProblem.QmpBusy, $"QMP at unix:{server.Path} is busy: {Self} is connected to it"),
            (refused.Problem, refused.Message)
        );
        Assert.Equal((1, 0), Count(server));
    }

    /// <summary>The caller knows who stays: no longer time is given to it, and nobody else's is made shorter.</summary>
    [Fact]
    public void Server_WithAClientThatIsKnownToStay_IsNotWaitedFor()
    {
        using var server = new SilentServer(backlog: 8);
        server.Connect();
        server.Accept();
        var seen = new List<int>();
        var address = new ServerAddress(server.Path, null, 0);
        var connector = new ServerConnector(address, TimeSpan.FromMinutes(20), CancellationToken.None);

        Assert.Throws<ServerBusyException>(() =>
            connector.RequireFree(
                TimeSpan.FromMinutes(10),
                holder =>
                {
                    seen.Add(holder.ProcessId);
                    return TimeSpan.Zero;
                }
            )
        );
        Assert.Throws<ServerBusyException>(() => connector.RequireFree(TimeSpan.Zero, _ => TimeSpan.FromMinutes(10)));

        Assert.Equal([Environment.ProcessId], seen);
    }

    [Fact]
    public void Server_WhoseClientsHaveLeft_IsFree()
    {
        using var server = new SilentServer(backlog: 8);
        server.Connect().Dispose();
        server.Accept().Dispose();

        Connect(server).RequireFree(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_ThatIsSlowToNoticeThatItsClientLeft_IsWaitedFor(bool isTcp)
    {
        using var server = new SilentServer(isTcp, backlog: 8);
        server.Connect().Dispose();
        Socket kept = server.Accept();
        Assert.Null(GdbEndpoint.Parse(server.Stub).FindClient());
        Task closing = Task.Run(() =>
        {
            Thread.Sleep(3 * s_impatience);
            kept.Dispose();
        });

        Connect(server).RequireFree(TimeSpan.Zero);

        await closing;
    }

    [Fact]
    public void Connect_ToAFullQueue_Ends()
    {
        using var server = new SilentServer(backlog: 0);
        server.Connect();

        Assert.Throws<ServerBusyException>(() => Connect(server).Connect());
    }

    [Fact]
    public void Connect_ToAFullQueue_ObeysCancellation()
    {
        using var server = new SilentServer(backlog: 0);
        server.Connect();
        using var cancellation = new CancellationTokenSource(100);
        var address = new ServerAddress(server.Path, null, 0);

        Assert.Throws<OperationCanceledException>(() =>
            new ServerConnector(address, TimeSpan.FromMinutes(10), cancellation.Token).Connect()
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Accepted_IsKnown(bool isTcp)
    {
        using var server = new SilentServer(isTcp, backlog: 8);
        Socket client = server.Connect();
        Assert.False(IsAccepted(client, isTcp));

        server.Accept();

        Assert.True(IsAccepted(client, isTcp));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stub_ThatDoesNotAnswer_IsSentWhatLetsTheGuestRun(bool isTcp)
    {
        using var server = new SilentServer(isTcp, backlog: 8);
        Task<Socket> accepted = Task.Run(server.Accept);
        var options = new GdbOptions { Protocol = RspOptions.Default with { Timeout = s_impatience } };

        TargetException silent = Assert.Throws<TargetException>(() => GdbTarget.Connect(server.Stub, options));

        Assert.Equal(TargetProblem.StubSilent, silent.Problem);
        Assert.EndsWith("$qSupported:multiprocess+#c6$D;1#b0", ReadAll(await accepted), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stub_ThatDoesNotAnswer_ObeysCancellation()
    {
        using var server = new SilentServer(backlog: 8);
        using var cancellation = new CancellationTokenSource();
        Task<string> received = Task.Run(() =>
        {
            Socket socket = server.Accept();
            socket.Receive(new byte[1]);
            cancellation.Cancel();
            return ReadAll(socket);
        });
        var options = new GdbOptions { Protocol = RspOptions.Default with { Timeout = TimeSpan.FromMinutes(10) } };

        Assert.Throws<OperationCanceledException>(() => GdbTarget.Connect(server.Stub, options, cancellation.Token));
        Assert.EndsWith("$D;1#b0", await received, StringComparison.Ordinal);
    }

    [Fact]
    public void Qmp_ThatNeverEndsAnAnswer_IsGivenUp()
    {
        using var qmp = new AnsweringQmp { Answer = _ => "x" };
        qmp.Answer = line => line.Length == 0 ? new string('x', 100) : FakeQmp.Done;

        Assert.Throws<TargetException>(() => QmpClient.Connect(QmpEndpoint.Unix(qmp.Path), s_impatience));
    }

    [Fact]
    public void Rows_OfTheKernelsTables_AreRead()
    {
        Assert.Equal(
            new UnixSocketRow("/tmp/a b", 1094302, true, null),
            UnixSocketTable.Parse("000000009fdc93be: 00000002 00000000 00010000 0001 01 1094302 /tmp/a b")
        );
        Assert.Equal(
            new UnixSocketRow("g", 0, false, null),
            UnixSocketTable.Parse("00000000e9045230: 00000003 00000000 00000000 0001 02     0 g")
        );
        Assert.Equal(default, UnixSocketTable.Parse("nonsense"));
        TcpRow row = TcpServers.Parse(
            "   2: 0100007F:D18A 0100007F:B2D2 01 00000000:00000011 00:00000000 00000000     0        0 1121433 2 0 20"
        );
        Assert.Equal(
            ("127.0.0.1:53642", "127.0.0.1:45778", 1, 1121433UL),
            (row.Local.ToString(), row.Remote.ToString(), row.State, row.Inode)
        );
        row = TcpServers.Parse(
            "   1: 0000000000000000FFFF00000100007F:B2D2 00000000000000000000000001000000:0001 "
                + "08 0:0 0:0 0 0 0 0 1 0 20"
        );
        Assert.Equal(("127.0.0.1:45778", "[::1]:1", 8), (row.Local.ToString(), row.Remote.ToString(), row.State));
        Assert.Null(TcpServers.Parse("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when").Local);
    }

    private static ServerConnector Connect(SilentServer server) =>
        new(
            server.Path is null
                ? new ServerAddress(null, "127.0.0.1", int.Parse(server.Stub[10..], CultureInfo.InvariantCulture))
                : new ServerAddress(server.Path, null, 0),
            s_impatience,
            CancellationToken.None
        );

    private static bool? IsAccepted(Socket client, bool isTcp) =>
        isTcp ? TcpServers.IsAccepted(client) : UnixServers.IsAccepted(client);

    private static (int Clients, int Waiting) Count(SilentServer server)
    {
        ServerConnections connections = server.Path is { } path
            ? UnixServers.Find(path)!
            : TcpServers.Find([System.Net.IPAddress.Loopback], int.Parse(server.Stub.Split(':')[1]))!;
        return (connections.Clients.Count, connections.Waiting);
    }

    private static string ReadAll(Socket socket)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        for (int count = 1; count > 0; text.Append(Encoding.ASCII.GetString(buffer, 0, count)))
            count = socket.Receive(buffer);

        return text.ToString();
    }
}
