using System.Net.Sockets;
using System.Text;
using Osprey.Rsp.Client;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Target.Backends.Gdb;

/// <summary>A real stub that another debugger holds: what Osprey leaves behind in QEMU when it can't have it.</summary>
public sealed class BusyStubTests
{
    [RequiresProgramFact("qemu-system-x86_64")]
    public void Guest_AfterARefusal_RunsOnWhenTheDebuggerDetaches()
    {
        using var guest = new SeabiosGuest(isPaused: false);
        using Socket debugger = Hold(guest);

        TargetException refused = Assert.Throws<TargetException>(() => GdbTarget.Connect($"unix:{guest.Stub}"));

        Assert.Equal(TargetProblem.StubBusy, refused.Problem);
        Detach(debugger);
        AssertRunsOn(guest);
    }

    /// <summary>Behind a tunnel, it can't be seen that the stub is busy.</summary>
    [RequiresProgramFact("qemu-system-x86_64")]
    public void Guest_AfterAConnectionThatWasGivenUpInTheQueue_RunsOnWhenTheDebuggerDetaches()
    {
        using var guest = new SeabiosGuest(isPaused: false);
        using Socket debugger = Hold(guest);
        var options = new GdbOptions
        {
            Protocol = RspOptions.Default with { Timeout = TimeSpan.FromMilliseconds(300) },
        };
        var queued = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        queued.Connect(new UnixDomainSocketEndPoint(guest.Stub));

        TargetException silent = Assert.Throws<TargetException>(() =>
            GdbTarget.Open(new GdbSocketStream(queued), "gdb stub far away", options, connected: 0)
        );

        Assert.Equal(TargetProblem.StubSilent, silent.Problem);
        Detach(debugger);
        AssertRunsOn(guest);
    }

    private static Socket Hold(SeabiosGuest guest)
    {
        var debugger = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        debugger.Connect(new UnixDomainSocketEndPoint(guest.Stub));
        debugger.ReceiveTimeout = 20_000;
        debugger.Send(Encoding.ASCII.GetBytes("$qSupported:multiprocess+#c6"));
        var answers = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!answers.ToString().Contains("PacketSize", StringComparison.Ordinal))
            answers.Append(Encoding.ASCII.GetString(buffer, 0, debugger.Receive(buffer)));

        Assert.Equal("paused", guest.Status);
        return debugger;
    }

    private static void Detach(Socket debugger)
    {
        debugger.Send(Encoding.ASCII.GetBytes("+$D;1#b0"));
        byte[] buffer = new byte[4096];
        var answers = new StringBuilder();
        while (!answers.ToString().Contains("$OK#9a", StringComparison.Ordinal))
            answers.Append(Encoding.ASCII.GetString(buffer, 0, debugger.Receive(buffer)));

        debugger.Dispose();
    }

    /// <summary>QEMU takes up what is in its queue at once; a stopped guest stays so.</summary>
    private static void AssertRunsOn(SeabiosGuest guest)
    {
        Thread.Sleep(500);
        Assert.Equal("running", guest.Status);
    }
}
