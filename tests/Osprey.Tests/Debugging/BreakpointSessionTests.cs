using Osprey.Debug;
using Osprey.Debug.Breakpoints;
using Osprey.Rsp.Client;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Execution;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Debugging;

/// <summary>Breakpoints of a session over a stub that is played.</summary>
public sealed class BreakpointSessionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Stops_ThatDoNotCount_AreNotTold()
    {
        FakeStub stub = Play("T05thread:p01.01;", "T05thread:p01.02;", "T05thread:p01.01;", "T05thread:p01.01;");
        using GuestSession guest = Open(stub);
        var session = new DebugSession(guest);
        DebugBreakpoint first = session.Add(At("0xfff0") with { Cpu = 0, Hit = HitCondition.After(1) });
        DebugBreakpoint other = session.Add(At("0xfff1") with { Cpu = 0 });
        Assert.Equal(["0,fff0,1", "0,fff1,1"], stub.Breakpoints);

        session.Resume();
        DebugStop? stop = session.WaitForStop(s_patience);

        Assert.Same(first, stop?.Breakpoint);
        Assert.Equal((2L, 0L, 2L), (first.Hits, other.Hits, session.PassedHits));
        Assert.Equal(["0,fff0,1", "0,fff1,1"], stub.Breakpoints);
    }

    [Fact]
    public void Halt_TellsAHitThatCameFirst_AndOnlyOneThatCounts()
    {
        FakeStub stub = Play("T05thread:p01.01;", "T05thread:p01.02;");
        using GuestSession guest = Open(stub);
        var session = new DebugSession(guest);
        DebugBreakpoint told = session.Add(At("0xfff0"));
        _ = session.Add(At("0xfff1") with { Cpu = 0 });

        session.Resume();
        Assert.Same(told, session.Halt()?.Breakpoint);
        session.Resume();
        Assert.Null(session.Halt());
        Assert.False(session.IsRunning);
        session.Resume();
        Assert.Null(session.Halt());
        Assert.False(session.IsRunning);
    }

    [Theory]
    [InlineData("Record/replay is not active", true)]
    [InlineData("Recording execution 'file': instruction count = 7", false)]
    [InlineData("unknown command: 'info replay'", false)]
    public void Instructions_ThatDoNothing_AreNotStepped_UnlessTheyAreCounted(string replay, bool isSkipped)
    {
        FakeStub stub = Play();
        stub.Documents["i386-64bit.xml"] = stub.Documents["i386-64bit.xml"]
            .Replace("name=\"k_gs_base\"", "name=\"efer\"", StringComparison.Ordinal);
        string[] registers =
        [
            .. ((string[])["f0ff", "f1ff"]).Select(place =>
                $"0100000000000000{place}00000000000002000000100000000010000000000000010d0000000000000030000000000000"
                + "00000000000000000000"
            ),
        ];
        var stops = new Queue<string>(["T05thread:p01.01;", "T05thread:p01.01;", "T05thread:p01.02;"]);
        stub.Continued = () =>
        {
            (stub.Registers[0], stub.Registers[1]) = (registers[0], registers[1]);
            return stops.Dequeue();
        };
        stub.Commands["info replay"] = $"{replay}\r\n";
        stub.Replies["mfff0,f"] = "0f1f4400005553" + new string('0', 16);
        using GuestSession guest = Open(stub);
        var session = new DebugSession(guest);
        _ = session.Add(At("0xfff0") with { Cpu = 1 });
        DebugBreakpoint told = session.Add(At("0xfff1"));

        session.Resume();

        Assert.Same(told, session.WaitForStop(s_patience)?.Breakpoint);
        Assert.Equal(isSkipped ? ["P1=f5ff000000000000", "P1=f5ff000000000000"] : [], stub.WrittenRegisters);

        // The first time it is awaited that the stub writes them, then the guest is let run in the same piece.
        Assert.Equal(
            isSkipped ? ["+$P1=f5ff000000000000#65$vCont;c#a8"] : [],
            stub.Pieces.Where(piece =>
                piece.Contains("$P1=", StringComparison.Ordinal) && piece.Contains("$vCont;c", StringComparison.Ordinal)
            )
        );
        Assert.Equal(
            isSkipped ? 0 : 2,
            stub.Log.Count(request => request.StartsWith("vCont;s", StringComparison.Ordinal))
        );
        Assert.Equal(
            1,
            stub.Log.Count(request => request.Contains("696e666f207265706c6179", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Cpu_ThatIsNotThere_IsRefused()
    {
        FakeStub stub = Play();
        using GuestSession guest = Open(stub);
        TargetException refused = Assert.Throws<TargetException>(() =>
            new DebugSession(guest).Add(At("0xfff0") with { Cpu = 2 })
        );
        Assert.EndsWith(" has 2 CPUs; there is no CPU 2", refused.Message, StringComparison.Ordinal);
        Assert.Empty(stub.Breakpoints);
    }

    [Fact]
    public void Places_OfTwoBreakpoints_StayUntilBothAreRemoved()
    {
        FakeStub stub = Play();
        using GuestSession guest = Open(stub);
        var session = new DebugSession(guest);
        DebugBreakpoint one = session.Add(At("0xfff0"));
        DebugBreakpoint two = session.Add(At("0xfff0"));
        session.Insert(new Breakpoint(BreakpointKind.Software, 0xfff0));

        session.Remove(one);
        session.Remove(two);
        Assert.Equal(["0,fff0,1"], stub.Breakpoints);
        Assert.Equal((1, 2), (one.Number, two.Number));
        session.Remove(new Breakpoint(BreakpointKind.Software, 0xfff0));
        Assert.Empty(stub.Breakpoints);
    }

    [Fact]
    public void Breakpoint_WithoutAPlace_WaitsAndSaysSo()
    {
        using GuestSession guest = Open(Play());
        var session = new DebugSession(guest);

        DebugBreakpoint waiting = session.Add(new BreakpointSettings(BreakpointLocation.Parse("no_such_function")));

        Assert.True(waiting.IsPending);
        Assert.Equal("'no_such_function' is not known in the guest now", waiting.Problem);
        Assert.Empty(session.ResolvePending());
    }

    [Fact]
    public void Log_IsToldInPlaceOfTheStop()
    {
        FakeStub stub = Play("T05thread:p01.01;", "T05thread:p01.02;");
        using GuestSession guest = Open(stub);
        var session = new DebugSession(guest);
        session.Add(At("0xfff0") with { Log = LogText.Parse("here") });
        DebugBreakpoint last = session.Add(At("0xfff1"));
        var said = new List<string>();
        session.Logged += (breakpoint, thread, text) => said.Add($"{breakpoint.Number} {thread.Name} {text}");

        session.Resume();

        Assert.Same(last, session.WaitForStop(s_patience)?.Breakpoint);
        Assert.Equal(["1 vCPU 0 here"], said);
    }

    [Fact]
    public void Condition_ThatCantBeComputed_StopsAndSaysWhy()
    {
        using GuestSession guest = Open(Play("T05thread:p01.01;"));
        var session = new DebugSession(guest);
        DebugBreakpoint breakpoint = session.Add(At("0xfff0") with { Condition = "nobody == 3" });
        session.Resume();

        DebugStop? stop = session.WaitForStop(s_patience);

        Assert.Same(breakpoint, stop?.Breakpoint);
        Assert.StartsWith("the condition 'nobody == 3': ", stop?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void LetGo_TakesEverythingOut()
    {
        FakeStub stub = Play();
        using GuestSession guest = Open(stub);
        var session = new DebugSession(guest);
        session.Add(At("0xfff0"));
        session.Add(new BreakpointSettings(new BreakpointLocation.Data("0x4000", 8)));
        Assert.Equal(["0,fff0,1", "2,4000,8"], stub.Breakpoints);

        session.LetGo(wasRunning: true);

        Assert.Empty(stub.Breakpoints);
        Assert.Empty(session.Breakpoints);
        Assert.True(stub.IsRunning);
    }

    private static BreakpointSettings At(string address) => new(BreakpointLocation.Parse(address));

    private static FakeStub Play(params string[] stops)
    {
        FakeStub stub = new FakeStub().Accept();
        int next = 0;
        string[] registers = [stub.Registers[0], stub.Registers[1]];
        stub.Continued = () =>
        {
            (stub.Registers[0], stub.Registers[1]) = (registers[0], registers[1]);
            return next < stops.Length ? stops[next++] : null;
        };
        stub.Stepped = () =>
        {
            stub.Registers[0] = stub.Registers[0].Replace("f0ff", "f3ff", StringComparison.Ordinal);
            stub.Registers[1] = stub.Registers[1].Replace("f1ff", "f4ff", StringComparison.Ordinal);
        };
        return stub;
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
