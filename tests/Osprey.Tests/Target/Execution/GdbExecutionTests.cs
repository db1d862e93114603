using Osprey.Rsp.Client;
using Osprey.Target;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Execution;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Execution;

/// <summary>Steering a guest through a stub that is played.</summary>
public class GdbExecutionTests
{
    private const TargetPermissions All = TargetPermissions.Execute | TargetPermissions.Write;

    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(5);

    [Fact]
    public void Abilities_NotAllowed_AreNotThereAndSayWhy()
    {
        using GdbTarget target = Open(new FakeStub().Accept(), TargetPermissions.None);

        Assert.False(target.TryGet<IExecutionControl>(out _));
        Assert.False(target.TryGet<IMemoryWriter>(out _));
        Assert.Equal(AbilityProblem.NotAllowed, target.FindProblem<IMemoryWriter>());
        Assert.Equal(
            "gdb stub fake: its memory can't be written: that was not allowed when it was reached",
            Assert.Throws<TargetException>(() => target.Require<IMemoryWriter>()).Message
        );
        Assert.Equal(
            "gdb stub fake: it can't be steered: that was not allowed when it was reached",
            Assert.Throws<TargetException>(() => target.Require<IExecutionControl>()).Message
        );
    }

    [Fact]
    public void Abilities_OneAllowed_IsTheOnlyOneThere()
    {
        using GdbTarget target = Open(new FakeStub().Accept(), TargetPermissions.Write);

        Assert.True(target.TryGet<IMemoryWriter>(out _));
        Assert.False(target.TryGet<IExecutionControl>(out _));
    }

    [Fact]
    public void Abilities_OfAFile_AreNeverThere()
    {
        using var target = new FakeTarget(new FakeMemory());

        Assert.Equal(AbilityProblem.NotSupported, target.FindProblem<IExecutionControl>());
        Assert.Equal(
            "fake: its memory can't be written: this way to a guest does not have that",
            Assert.Throws<TargetException>(() => target.Require<IMemoryWriter>()).Message
        );
    }

    [Fact]
    public void Insert_RefusedByTheStub_LeavesNoNoteOfIt()
    {
        FakeStub stub = new FakeStub().Accept().With("Z2", FakeStubFault.Error);
        var inside = new List<Breakpoint>();
        GdbOptions options = GdbOptions.Default with
        {
            Permissions = All,
            NoteBreakpoint = (breakpoint, isInserted) =>
            {
                if (isInserted)
                    inside.Add(breakpoint);
                else
                    inside.Remove(breakpoint);
            },
        };
        using var target = GdbTarget.Open(stub, "fake", options, connected: 0);
        IExecutionControl execution = target.Require<IExecutionControl>();
        var refused = new Breakpoint(BreakpointKind.WriteWatchpoint, ulong.MaxValue, 8);
        var taken = new Breakpoint(BreakpointKind.WriteWatchpoint, 0x1000, 8);

        Assert.Equal(
            "the gdb stub refuses a breakpoint (WriteWatchpoint, 8 bytes) at 0xffffffffffffffff: E22",
            Assert.Throws<TargetException>(() => execution.Insert(refused)).Message
        );
        execution.Insert(taken);
        Assert.Equal([taken], inside);
    }

    [Fact]
    public void Step_OneVcpu_StopsWithFreshRegistersAndMemory()
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        stub.Stepped = () =>
        {
            stub.Written[0x1000] = 0xee;
            stub.Registers[1] = stub.Registers[1].Replace("f1ff", "f3ff", StringComparison.Ordinal);
        };
        var cached = new CachedPhysicalMemory(target.Memory);
        byte[] word = new byte[1];
        cached.Read(new PhysicalAddress(0x1000), word);
        Assert.Equal((0xfff1UL, FakeStub.ByteAt(0x1000, true)), (target.ReadRegisters(1).ProgramCounter, word[0]));

        StopEvent stop = target.Require<IExecutionControl>().Step(1, s_long);

        Assert.Equal(new StopEvent(StopReason.Step, 1), stop);
        Assert.Equal(0xfff3UL, target.ReadRegisters(1).ProgramCounter);
        target.Memory.Read(new PhysicalAddress(0x1000), word);
        Assert.Equal(0xee, word[0]);
        cached.Read(new PhysicalAddress(0x1000), word);
        Assert.Equal(0xee, word[0]);
        Assert.Contains("vCont;s:p1.2", stub.Log);
    }

    /// <summary>As of <c>hlt</c>, behind which the vCPU waits; or of one that a busy host lets wait.</summary>
    [Theory]
    [InlineData(true, StopReason.Step)]
    [InlineData(false, StopReason.Requested)]
    public void Step_WhoseEndIsNotTold_IsJudgedByWhereTheVcpuIs(bool moves, StopReason expected)
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        stub.EndsStep = () => false;
        if (moves)
            stub.Stepped = () =>
                stub.Registers[1] = stub.Registers[1].Replace("f1ff", "f3ff", StringComparison.Ordinal);

        StopEvent stop = target.Require<IExecutionControl>().Step(1, TimeSpan.FromMilliseconds(50));
        Assert.Equal(expected, stop.Reason);
        Assert.False(target.Require<IExecutionControl>().IsRunning);
    }

    [Fact]
    public void Step_OnABusyHost_IsWaitedFor()
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        int steps = 0;
        stub.EndsStep = () => ++steps > 1;
        Assert.Equal(new StopEvent(StopReason.Step, 1), target.Require<IExecutionControl>().Step(1, s_long));
        Assert.Equal(2, steps);
    }

    [Fact]
    public void Translations_AfterTheGuestRan_AreLookedUpAgain()
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        var walker = new CountingTranslator();
        var memory = new VirtualMemory(target.Memory, walker);
        IExecutionControl execution = target.Require<IExecutionControl>();
        memory.TryTranslate(0x5000, out _);
        memory.TryTranslate(0x5000, out _);
        Assert.Equal(1, walker.Count);

        execution.Step(0, s_long);
        memory.TryTranslate(0x5000, out _);
        Assert.Equal(2, walker.Count);

        execution.Resume();
        execution.Stop();
        memory.TryTranslate(0x5000, out _);
        Assert.Equal(3, walker.Count);
    }

    [Fact]
    public void Resume_ThenStop_RunsBetween()
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        IExecutionControl execution = target.Require<IExecutionControl>();

        execution.Resume();
        Assert.Equal((true, true, TargetAccess.Live), (execution.IsRunning, stub.IsRunning, target.Access));
        Assert.Null(execution.WaitForStop(TimeSpan.FromMilliseconds(1)));
        Assert.StartsWith(
            "gdb stub fake: the program runs",
            Assert.Throws<TargetException>(() => target.ReadRegisters(0)).Message
        );
        Assert.True(stub.IsRunning);
        execution.Stop();

        Assert.Equal((false, false, TargetAccess.Paused), (execution.IsRunning, stub.IsRunning, target.Access));
        Assert.Equal(new StopEvent(StopReason.Requested, 0), execution.WaitForStop(s_long));
        Assert.Null(execution.WaitForStop(s_long));
    }

    [Fact]
    public void WaitForStop_Cancelled_LeavesTheGuestRunning()
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        IExecutionControl execution = target.Require<IExecutionControl>();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        execution.Resume();

        Assert.Throws<OperationCanceledException>(() =>
            execution.WaitForStop(TimeSpan.FromMinutes(5), cancellation.Token)
        );
        Assert.True(execution.IsRunning);
    }

    [Theory]
    [InlineData(true, "vCont;s:p1.2 vCont;c | vCont;s:p1.2 vCont;c")]
    [InlineData(
        false,
        "vCont;s:p1.2 z0,fff1,1 vCont;s:p1.2 Z0,fff1,1 vCont;c | z0,fff1,1 vCont;s:p1.2 Z0,fff1,1 vCont;c"
    )]
    public void Breakpoint_Hit_IsSteppedOffBeforeRunning_AsTheStubNeedsIt(bool ignoresWhenStepping, string expected)
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        IExecutionControl execution = target.Require<IExecutionControl>();
        var breakpoint = new Breakpoint(BreakpointKind.Software, 0xfff1);
        execution.Insert(breakpoint);
        execution.Insert(breakpoint);
        Assert.Equal(["0,fff1,1"], stub.Breakpoints);
        stub.Stepped = () =>
        {
            if (ignoresWhenStepping || stub.Breakpoints.Count == 0)
                stub.Registers[1] = stub.Registers[1].Replace("f1ff", "f3ff", StringComparison.Ordinal);
        };
        stub.Continued = () =>
        {
            stub.Registers[1] = stub.Registers[1].Replace("f3ff", "f1ff", StringComparison.Ordinal);
            return "T05thread:p01.02;";
        };
        execution.Resume();
        Assert.Equal(new StopEvent(StopReason.Breakpoint, 1, 0xfff1), execution.WaitForStop(s_long));

        var seen = new List<string>();
        for (int i = 0; i < 2; i++)
        {
            stub.Log.Clear();
            execution.Resume();
            Assert.Equal(new StopEvent(StopReason.Breakpoint, 1, 0xfff1), execution.WaitForStop(s_long));
            seen.Add(string.Join(' ', stub.Log.Where(request => request[0] is 'z' or 'Z' or 'v')));
        }

        Assert.Equal(expected, string.Join(" | ", seen));
        execution.Remove(breakpoint);
        Assert.Empty(stub.Breakpoints);
        Assert.Empty(execution.Breakpoints);
    }

    [Fact]
    public void Breakpoint_OfAVcpuThatWasNotTold_IsNotSteppedOff()
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        IExecutionControl execution = target.Require<IExecutionControl>();
        execution.Insert(new Breakpoint(BreakpointKind.Software, 0xfff0));
        execution.Insert(new Breakpoint(BreakpointKind.Software, 0xfff1));
        string[] stops = ["T05thread:p01.01;", "T05thread:p01.02;"];
        int next = 0;
        stub.Continued = () => stops[next++];
        stub.Stepped = () => stub.Registers[0] = stub.Registers[0].Replace("f0ff", "f3ff", StringComparison.Ordinal);

        // Both vCPUs come to a breakpoint at the same moment; the stub tells of one.
        execution.Resume();
        Assert.Equal(new StopEvent(StopReason.Breakpoint, 0, 0xfff0), execution.WaitForStop(s_long));
        stub.Log.Clear();
        execution.Resume();

        Assert.Equal(new StopEvent(StopReason.Breakpoint, 1, 0xfff1), execution.WaitForStop(s_long));
        Assert.Equal(["vCont;s:p1.1", "vCont;c"], stub.Log.Where(request => request[0] is 'z' or 'Z' or 'v'));
    }

    [Theory]
    [InlineData(BreakpointKind.WriteWatchpoint, "2,4000,8", "watch")]
    [InlineData(BreakpointKind.ReadWatchpoint, "3,4000,8", "rwatch")]
    [InlineData(BreakpointKind.AccessWatchpoint, "4,4000,8", "awatch")]
    public void Watchpoint_Hit_IsToldWithItsAddress(BreakpointKind kind, string packet, string word)
    {
        FakeStub stub = new FakeStub { Continued = () => $"T05thread:p01.01;{word}:4004;" }.Accept();
        using GdbTarget target = Open(stub);
        IExecutionControl execution = target.Require<IExecutionControl>();
        execution.Insert(new Breakpoint(kind, 0x4000, 8));
        Assert.Equal([packet], stub.Breakpoints);

        execution.Resume();

        Assert.Equal(new StopEvent(StopReason.Watchpoint, 0, 0x4004), execution.WaitForStop(s_long));
    }

    [Fact]
    public void Resume_StubThatRefuses_SaysSo()
    {
        FakeStub stub = new FakeStub { Continued = () => "E22" }.Accept();
        using GdbTarget target = Open(stub);
        IExecutionControl execution = target.Require<IExecutionControl>();
        execution.Resume();

        Assert.Equal(
            "gdb stub fake: the stub does not let the program run; sent \"vCont;c\"; received \"E22\"",
            Assert.Throws<TargetException>(() => execution.WaitForStop(s_long)).Message
        );
        Assert.False(execution.IsRunning);
    }

    [Fact]
    public void Resume_GuestThatEnds_IsToldOnceAndNothingIsAskedAnyMore()
    {
        FakeStub stub = new FakeStub { Continued = () => "W00" }.Accept();
        using GdbTarget target = Open(stub);
        IExecutionControl execution = target.Require<IExecutionControl>();
        execution.Resume();

        Assert.Equal(new StopEvent(StopReason.Ended), execution.WaitForStop(s_long));
        Assert.Throws<TargetException>(() => target.ReadRegisters(0));
    }

    [Fact]
    public void Write_Ram_IsReadBackThroughEveryCache()
    {
        FakeStub stub = new FakeStub { PacketSize = 0x100 }.Accept();
        using GdbTarget target = Open(stub);
        var cached = new CachedPhysicalMemory(target.Memory);
        byte[] bytes = [.. Enumerable.Range(0, 500).Select(i => unchecked((byte)i))];
        byte[] read = new byte[500];
        cached.Read(new PhysicalAddress(0x1f00), read);

        target.Require<IMemoryWriter>().Write(new PhysicalAddress(0x1f00), bytes);

        cached.Read(new PhysicalAddress(0x1f00), read);
        Assert.Equal(bytes, read);
        Assert.False(stub.IsPhysical);
    }

    [Theory]
    [InlineData(0x9fff8UL, 16)] // over the end of a block
    [InlineData(0xc0000UL, 1)] // ROM
    [InlineData(0xa0000UL, 1)] // a device
    [InlineData(0xfffffffffffffff8UL, 16)]
    public void Write_WhatIsNotRam_WritesNothing(ulong address, int size)
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);

        Assert.Throws<TargetException>(() =>
            target.Require<IMemoryWriter>().Write(new PhysicalAddress(address), new byte[size])
        );
        Assert.Empty(stub.Written);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Leave_WhileItRunsWithBreakpoints_LeavesTheGuestAsFound(bool wasRunning)
    {
        FakeStub stub = new FakeStub { WasRunning = wasRunning }.Accept();
        GdbTarget target = Open(stub);
        IExecutionControl execution = target.Require<IExecutionControl>();
        execution.Insert(new Breakpoint(BreakpointKind.Hardware, 0x1000));
        execution.Insert(new Breakpoint(BreakpointKind.WriteWatchpoint, 0x2000, 4));
        execution.Resume();

        target.Dispose();

        Assert.Empty(stub.Breakpoints);
        Assert.Contains("z1,1000,1", stub.Log);
        Assert.Contains("z2,2000,4", stub.Log);
        Assert.Equal((wasRunning, true), (stub.IsRunning, stub.IsClosed));
    }

    [Fact]
    public async Task Leave_FromAnotherThreadDuringAWait_EndsItAndLeavesTheGuestAsFound()
    {
        FakeStub stub = new FakeStub().Accept();
        GdbTarget target = Open(stub);
        IExecutionControl execution = target.Require<IExecutionControl>();
        execution.Insert(new Breakpoint(BreakpointKind.Software, 0x1000));
        execution.Resume();
        Task<Exception?> waiting = Task.Run<Exception?>(() =>
            Record.Exception(() => execution.WaitForStop(TimeSpan.FromMinutes(5)))
        );
        await Task.Delay(20);

        target.Leave();

        Exception? end = await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(end is null or TargetException, $"{end}");
        Assert.Equal((true, 0), (stub.IsRunning, stub.Breakpoints.Count));
        target.Dispose();
    }

    private static GdbTarget Open(FakeStub stub, TargetPermissions permissions = All) =>
        GdbTarget.Open(
            stub,
            "gdb stub fake",
            new GdbOptions
            {
                Permissions = permissions,
                Protocol = new RspOptions
                {
                    Timeout = TimeSpan.FromMilliseconds(400),
                    QuietTime = TimeSpan.FromMilliseconds(5),
                },
            },
            connected: 0
        );

    /// <summary>Maps everything to itself, and counts how often it is asked.</summary>
    private sealed class CountingTranslator : IAddressTranslator
    {
        public int Count { get; private set; }

        public bool TryTranslate(ulong address, out Translation translation)
        {
            Count++;
            translation = new Translation(new PhysicalAddress(address), 4096);
            return true;
        }
    }
}
