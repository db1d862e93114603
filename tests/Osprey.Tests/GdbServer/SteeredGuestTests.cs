using Osprey.Rsp.Client;
using Osprey.Session.Guests;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Execution;
using Osprey.Tests.Builders;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.GdbServer;

/// <summary>Debuggers that steer a guest through a stub that is played.</summary>
public sealed class SteeredGuestTests
{
    private static readonly string s_bare = "Z0,fff0,1";

    [Fact]
    public void Guest_RunsButForADebugger()
    {
        FakeStub stub = new FakeStub().Accept();
        using var served = new ServedGuest(Open(stub), wasRunning: true);
        Assert.True(stub.IsRunning);

        RawDebugger debugger = served.Connect();
        Assert.StartsWith("T05thread:40000000;", debugger.Ask("?"), StringComparison.Ordinal);
        Assert.False(stub.IsRunning);

        Assert.Equal("OK", debugger.Ask(s_bare));
        Assert.Equal(["0,fff0,1"], stub.Breakpoints);
        debugger.Leave();
        served.WaitForEnd(debugger);
        Assert.True(stub.IsRunning);
        Assert.Empty(stub.Breakpoints);
    }

    [Fact]
    public void Guest_FoundStill_StaysSoUnlessItWasLetRun()
    {
        FakeStub stub = new FakeStub { WasRunning = false }.Accept();
        using var served = new ServedGuest(Open(stub), wasRunning: false);
        RawDebugger looking = served.Connect();
        looking.Ask("?");
        Assert.Equal("OK", looking.Ask("D"));
        served.WaitForEnd(looking);
        Assert.False(stub.IsRunning);
    }

    [Fact]
    public void Step_IsOfTheThreadsOwnCpu()
    {
        FakeStub stub = new FakeStub().Accept();
        using var served = new ServedGuest(Open(stub), wasRunning: true);
        RawDebugger debugger = served.Connect();

        Assert.Equal("T05thread:40000001;core:1;", debugger.Ask("vCont;s:40000001;c"));
        Assert.Contains("vCont;s:p1.2", stub.Log);
        Assert.Equal("E03", debugger.Ask("vCont;s:99"));
        Assert.Equal("E16", debugger.Ask("vCont;x"));
    }

    [Fact]
    public void FloatingPointRegisters_AreTheVcpusOwn_ForWhoSteers()
    {
        FakeStub stub = new FakeStub().Accept();
        stub.Registers[0] = stub.Registers[0][..^20] + "0000000000000080ff3f";
        stub.Registers[1] = stub.Registers[1][..^20] + "0000000000000080xxxx";
        using var served = new ServedGuest(Open(stub), wasRunning: true);
        RawDebugger debugger = served.Connect();
        debugger.Ask("?");

        Assert.Equal("OK", debugger.Ask("Hg40000000"));
        Assert.Equal("0000000000000080ff3f", debugger.Ask("p18")); // st0
        Assert.Contains("0000000000000080ff3f", debugger.Ask("g"), StringComparison.Ordinal);
        Assert.Equal(new string('x', 32), debugger.Ask("p31")); // xmm0, which this stub does not have
        Assert.Equal("OK", debugger.Ask("Hg40000001"));
        Assert.Equal(new string('x', 20), debugger.Ask("p18"));
        Assert.Equal(new string('x', 20), served.Connect().Ask("p18")); // who looks only
    }

    [Fact]
    public void RegistersThatAreNotKnown_AreAnErrorForLldb()
    {
        FakeStub stub = new FakeStub().Accept();
        stub.Registers[1] = stub.Registers[1][..^20] + "0000000000000080xxxx";
        using var served = new ServedGuest(Open(stub), wasRunning: true);
        RawDebugger debugger = served.Connect();
        debugger.Ask("?");

        // It takes what is no number for bytes of 0xcc.
        Assert.Equal("E01", debugger.Ask("p31;thread:40000001;"));
        Assert.Equal("E01", debugger.Ask("p18;thread:40000001;"));
        Assert.Equal(16, debugger.Ask("p10;thread:40000001;").Length);
    }

    [Fact]
    public void Debuggers_ButTheFirst_LookOnly()
    {
        FakeStub stub = new FakeStub().Accept();
        using var served = new ServedGuest(Open(stub), wasRunning: true);
        RawDebugger first = served.Connect();
        first.Ask("?");
        RawDebugger second = served.Connect();

        Assert.Equal("E01", second.Ask(s_bare));
        Assert.Equal("OK", first.Ask(s_bare));
        Assert.StartsWith("O", second.Ask("c"), StringComparison.Ordinal);
        Assert.Equal("T00thread:40000000;", second.ReadPacket());
        second.Leave();
        served.WaitForEnd(second);
        Assert.Equal(["0,fff0,1"], stub.Breakpoints);
        Assert.False(stub.IsRunning);
    }

    [Fact]
    public void Interrupt_OfARunningGuest_StopsIt()
    {
        FakeStub stub = new FakeStub().Accept();
        using var served = new ServedGuest(Open(stub), wasRunning: true);
        RawDebugger debugger = served.Connect();
        debugger.Ask("?");
        debugger.SendPacket("vCont;c");
        debugger.Send([3]);

        Assert.StartsWith("T02thread:", debugger.ReadPacket(), StringComparison.Ordinal);
        Assert.False(stub.IsRunning);
    }

    /// <summary>The debugger may find that the stop is none for its user, and let the guest run on.</summary>
    [Fact]
    public void Interrupt_ThatMeetsAStop_IsNotLost()
    {
        FakeStub stub = new FakeStub().Accept();
        using var served = new ServedGuest(Open(stub), wasRunning: true);
        RawDebugger debugger = served.Connect();
        debugger.Ask("?");
        debugger.Ask(s_bare);
        stub.Continued = () => "T05thread:p1.1;";
        string hit = debugger.Ask("vCont;c");
        Assert.Contains("swbreak", hit, StringComparison.Ordinal);

        debugger.Send([3]);
        Assert.StartsWith("T02thread:", debugger.Ask("vCont;c"), StringComparison.Ordinal);
        Assert.Equal(hit, debugger.Ask("vCont;c"));
    }

    private static GuestSession Open(FakeStub stub) =>
        GuestSession.Over(
            GdbTarget.Open(
                stub,
                "gdb stub fake",
                new GdbOptions
                {
                    Permissions = TargetPermissions.Execute,
                    Protocol = new RspOptions
                    {
                        Timeout = TimeSpan.FromMilliseconds(400),
                        QuietTime = TimeSpan.FromMilliseconds(5),
                    },
                },
                0
            ),
            new GuestSettings()
        );
}
