using System.Text.Json.Nodes;
using Osprey.Rsp.Client;
using Osprey.Session.Guests;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Execution;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Dap;

/// <summary>Clients that steer a guest through a stub that is played.</summary>
public sealed class SteeredAdapterTests
{
    [Fact]
    public void Conversation_OfSteering_IsAnsweredAsWritten()
    {
        FakeStub stub = new FakeStub().Accept();
        using var adapted = new AdaptedGuest(() => Open(stub), wasRunning: true);
        var transcript = new DapTranscript();
        DapClient client = adapted.Client;
        client.Seen = transcript.Add;

        client.Ask("initialize", """{"adapterID":"osprey"}""");
        client.Ask("attach", """{"stopOnEntry":true}""");
        client.WaitFor("initialized");
        client.Ask("setInstructionBreakpoints", """{"breakpoints":[{"instructionReference":"0xfff2"}]}""");
        client.Ask(
            "setFunctionBreakpoints",
            """{"breakpoints":[{"name":"nosuch"},{"name":"*0x1000","hitCondition":"often"},{"name":""}]}"""
        );
        client.Ask("setDataBreakpoints", """{"breakpoints":[{"dataId":"0x2000/8","accessType":"read"}]}""");
        client.Ask("configurationDone");
        int thread = (int)client.WaitFor("stopped")["body"]!["threadId"]!;
        client.Ask("threads");
        client.Ask("stepIn", $$"""{"threadId":{{thread}},"granularity":"instruction"}""");
        client.WaitFor("stopped");
        client.Ask("continue", $$"""{"threadId":{{thread}}}""");
        Assert.True(SpinWait.SpinUntil(() => stub.IsRunning, TimeSpan.FromSeconds(30))); // the answer comes before
        client.Ask("stackTrace", $$"""{"threadId":{{thread}}}""");
        client.Ask("continue", $$"""{"threadId":{{thread}}}""");
        client.Ask("pause", $$"""{"threadId":{{thread}}}""");
        client.WaitFor("stopped");
        Assert.Equal(["0,fff2,1", "3,2000,8"], stub.Breakpoints);
        client.Ask("setInstructionBreakpoints", """{"breakpoints":[]}""");
        Assert.Equal(["3,2000,8"], stub.Breakpoints);

        stub.Continued = () => "T05thread:p01.02;rwatch:2004;";
        client.Ask("continue", $$"""{"threadId":{{thread}}}""");
        client.WaitFor("stopped");
        stub.Continued = () => "W00";
        client.Ask("continue", $$"""{"threadId":{{thread}}}""");
        client.WaitFor("terminated");
        client.Ask("threads");
        client.Ask("disconnect");
        adapted.WaitForEnd();
        GoldenFile.Verify(transcript.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Guest_WhenTheClientLeaves_RunsAsBeforeWithoutBreakpoints(bool says)
    {
        FakeStub stub = new FakeStub().Accept();
        using var adapted = new AdaptedGuest(() => Open(stub), wasRunning: true);
        DapClient client = adapted.Client;
        Attach(client);
        client.Get("setInstructionBreakpoints", """{"breakpoints":[{"instructionReference":"0x1234"}]}""");
        Assert.Equal(["0,1234,1"], stub.Breakpoints);
        if (says)
            client.Get("disconnect", """{"terminateDebuggee":false}""");
        else
            client.Leave();

        adapted.WaitForEnd();
        Assert.Empty(stub.Breakpoints);
        Assert.True(stub.IsRunning);
    }

    [Fact]
    public void Guest_ThatStoodStill_IsLeftSo()
    {
        FakeStub stub = new FakeStub { WasRunning = false }.Accept();
        using var adapted = new AdaptedGuest(() => Open(stub), wasRunning: false);
        Attach(adapted.Client);
        adapted.Client.Get("threads");
        adapted.Client.Get("disconnect");
        adapted.WaitForEnd();
        Assert.False(stub.IsRunning);
    }

    [Fact]
    public void Breakpoints_SetWhileTheGuestRuns_StopItForThatMomentOnly()
    {
        FakeStub stub = new FakeStub().Accept();
        using var adapted = new AdaptedGuest(() => Open(stub), wasRunning: true);
        DapClient client = adapted.Client;
        int thread = Attach(client);
        client.Get("continue", $$"""{"threadId":{{thread}}}""");
        JsonNode set = client.Get(
            "setInstructionBreakpoints",
            """{"breakpoints":[{"instructionReference":"0x1200","offset":52}]}"""
        );
        Assert.True((bool)set["breakpoints"]![0]!["verified"]!);
        Assert.Equal(["0,1234,1"], stub.Breakpoints);
        client.Get("threads");
        Assert.True(stub.IsRunning);
    }

    /// <summary>Attaches with the guest standing still, and gives the thread.</summary>
    private static int Attach(DapClient client)
    {
        client.Get("initialize", "{}");
        client.Get("attach", """{"stopOnEntry":true}""");
        client.Get("configurationDone");
        return (int)client.WaitFor("stopped")["body"]!["threadId"]!;
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
