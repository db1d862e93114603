using System.Security.Cryptography;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Execution;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Target.Execution;

/// <summary>
/// Steering real QEMUs. The guest is a loop of three 16-bit instructions that counts in memory, with interrupts off.
/// </summary>
public class QemuExecutionTests
{
    private const ulong Code = 0x7c01;
    private const ulong Counter = 0x7e00;
    private const TargetPermissions All = TargetPermissions.Execute | TargetPermissions.Write;

    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(20);
    private static readonly PhysicalAddress s_counter = new(Counter);

    // 7c00: cli   7c01: incw 0x7e00   7c05: nop   7c06: jmp 7c01
    private static readonly byte[] s_loop = [0xfa, 0xff, 0x06, 0x00, 0x7e, 0x90, 0xeb, 0xf9];

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Stub_Steps_OneInstructionAtATime()
    {
        using QemuGuest guest = StartLoop();
        using GdbTarget target = Connect(guest);
        IExecutionControl execution = target.Require<IExecutionControl>();
        ulong pc = Pc(target);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(new StopEvent(StopReason.Step, 0), execution.Step(0, s_long));
            pc = pc switch
            {
                Code => Code + 4,
                Code + 4 => Code + 5,
                _ => Code,
            };
            Assert.Equal(pc, Pc(target));
        }
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Stub_Breakpoint_IsHitEachTimeRound()
    {
        using QemuGuest guest = StartLoop();
        using GdbTarget target = Connect(guest);
        IExecutionControl execution = target.Require<IExecutionControl>();
        execution.Insert(new Breakpoint(BreakpointKind.Software, Code + 4));
        execution.Resume();
        Assert.Equal(new StopEvent(StopReason.Breakpoint, 0, Code + 4), execution.WaitForStop(s_long));
        ushort before = Count(target);
        for (int round = 1; round <= 3; round++)
        {
            execution.Resume();
            Assert.Equal(new StopEvent(StopReason.Breakpoint, 0, Code + 4), execution.WaitForStop(s_long));
            Assert.Equal(unchecked((ushort)(before + round)), Count(target));
        }
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Stub_Watchpoint_IsHitByTheWrite()
    {
        using QemuGuest guest = StartLoop();
        using GdbTarget target = Connect(guest);
        IExecutionControl execution = target.Require<IExecutionControl>();
        execution.Insert(new Breakpoint(BreakpointKind.WriteWatchpoint, Counter, 2));
        execution.Resume();

        Assert.Equal(new StopEvent(StopReason.Watchpoint, 0, Counter), execution.WaitForStop(s_long));
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Stub_Write_IsWhatTheGuestCountsOnFrom()
    {
        using QemuGuest guest = StartLoop();
        using (GdbTarget target = Connect(guest))
        {
            IExecutionControl execution = target.Require<IExecutionControl>();
            execution.Insert(new Breakpoint(BreakpointKind.Software, Code + 4));
            execution.Resume();
            execution.WaitForStop(s_long);
            target.Require<IMemoryWriter>().Write(s_counter, [0x34, 0x12]);
            Assert.Equal(0x1234, Count(target));
            execution.Resume();
            execution.WaitForStop(s_long);
            Assert.Equal(0x1235, Count(target));
        }

        RequireRunning(guest);
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Stub_LeftWithBreakpoints_RunsOnWithTheSameMemory()
    {
        using QemuGuest guest = StartLoop();
        byte[] before = Hash(guest);
        using (GdbTarget target = Connect(guest))
        {
            IExecutionControl execution = target.Require<IExecutionControl>();
            foreach (BreakpointKind kind in (BreakpointKind[])[BreakpointKind.Software, BreakpointKind.Hardware])
                execution.Insert(new Breakpoint(kind, Code + 4));

            execution.Insert(new Breakpoint(BreakpointKind.AccessWatchpoint, Counter, 2));
            execution.Resume();
            execution.WaitForStop(s_long);
        }

        RequireRunning(guest);
        Assert.Equal(before, Hash(guest));
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Stub_ConnectionThatBroke_IsMadeAnewToLeaveTheGuestAsFound()
    {
        using QemuGuest guest = StartLoop();
        using var proxy = new StubProxy(guest.Stub);
        using (GdbTarget target = GdbTarget.Connect($"unix:{proxy.Path}", new GdbOptions { Permissions = All }))
        {
            target.Require<IExecutionControl>().Insert(new Breakpoint(BreakpointKind.Software, Code + 4));
            proxy.Cut();
            Assert.Throws<TargetException>(() => target.ReadRegisters(0));
            Assert.Equal("paused", Status(guest));
        }

        RequireRunning(guest);
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Qmp_StopResumeWrite_AndLeave()
    {
        using QemuGuest guest = StartLoop("-qmp", "unix:FOLDER/other,server=on,wait=off");
        using (QemuTarget target = Attach(guest, All))
        {
            IExecutionControl execution = target.Require<IExecutionControl>();
            Assert.Equal((true, ExecutionFeatures.None), (execution.IsRunning, execution.Features));
            execution.Stop();
            Assert.Equal((false, TargetAccess.Paused, "paused"), (execution.IsRunning, target.Access, Status(guest)));
            Assert.Equal(new StopEvent(StopReason.Requested), execution.WaitForStop(s_long));

            target.Require<IMemoryWriter>().Write(s_counter, [0x78, 0x56]);
            Assert.Equal(0x5678, Count(target));
            Assert.Equal("7856", Convert.ToHexString(guest.SaveMemory(Counter, 2)));

            Assert.Equal(
                "over QMP a guest can only be stopped and let run; steps and breakpoints need its gdb stub",
                Assert.Throws<TargetException>(() => execution.Step(0, s_long)).Message
            );
            execution.Resume();
            Assert.Equal("running", Status(guest));
            guest.Execute("stop", new { });
            Assert.Equal(new StopEvent(StopReason.Other), execution.WaitForStop(s_long));
        }

        RequireRunning(guest);
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Qmp_GuestThatStood_StandsStillAfterwards()
    {
        using QemuGuest guest = StartLoop("-qmp", "unix:FOLDER/other,server=on,wait=off");
        guest.Execute("stop", new { });
        using (QemuTarget target = Attach(guest, TargetPermissions.Execute))
        {
            target.Require<IExecutionControl>().Resume();
            Assert.Equal("running", Status(guest));
            Assert.Throws<TargetException>(() => target.Require<IMemoryWriter>());
        }

        Assert.Equal("paused", Status(guest));
    }

    [RequiresProgramFact("qemu-system-x86_64")]
    public void Qmp_LeftInAPause_RunsOnAndThePauseEndsQuietly()
    {
        using QemuGuest guest = StartLoop("-qmp", "unix:FOLDER/other,server=on,wait=off");
        using QemuTarget target = Attach(guest, TargetPermissions.None);
        using (target.Pause())
        {
            Assert.Equal("paused", Status(guest));
            target.Leave();
            RequireRunning(guest);
        }

        Assert.Throws<TargetException>(() => target.Pause());
    }

    private static QemuGuest StartLoop(params string[] arguments)
    {
        string disk = Path.GetTempFileName();
        byte[] sector = new byte[512];
        s_loop.CopyTo(sector, 0);
        (sector[510], sector[511]) = (0x55, 0xaa);
        File.WriteAllBytes(disk, sector);
        var guest = new QemuGuest([
            "-drive",
            $"file={disk},format=raw,if=ide,snapshot=on",
            "-gdb",
            "unix:FOLDER/gdb,server=on,wait=off",
            .. arguments,
        ]);
        File.Delete(disk); // QEMU has it open
        for (int i = 0; guest.SaveMemory(Counter, 2) is [0, 0]; i++)
        {
            Assert.True(i < 400, "the guest does not boot");
            Thread.Sleep(50);
        }

        return guest;
    }

    private static GdbTarget Connect(QemuGuest guest) =>
        GdbTarget.Connect($"unix:{guest.Stub}", new GdbOptions { Permissions = All });

    private static QemuTarget Attach(QemuGuest guest, TargetPermissions permissions)
    {
        QemuProcess process = QemuProcess.TryRead(guest.ProcessId)!;
        return QemuTarget.Attach(process, permissions: permissions);
    }

    private static ulong Pc(GdbTarget target) => target.ReadRegisters(0)[X64Register.Rip]!.Value;

    private static ushort Count(GuestTarget target)
    {
        byte[] bytes = new byte[2];
        Assert.Equal(2, target.Memory.Read(s_counter, bytes));
        return BitConverter.ToUInt16(bytes);
    }

    private static string Status(QemuGuest guest) =>
        guest.Execute("query-status", new { }).GetProperty("status").GetString()!;

    private static void RequireRunning(QemuGuest guest)
    {
        Assert.Equal("running", Status(guest));
        byte[] first = guest.SaveMemory(Counter, 2);
        for (int i = 0; guest.SaveMemory(Counter, 2).AsSpan().SequenceEqual(first); i++)
        {
            Assert.True(i < 400, "the guest does not count on");
            Thread.Sleep(20);
        }
    }

    /// <summary>The hash of all RAM but the counter.</summary>
    private static byte[] Hash(QemuGuest guest)
    {
        byte[] memory = guest.SaveMemory(0, 32 << 20);
        memory.AsSpan((int)Counter, 2).Clear();
        return SHA256.HashData(memory);
    }
}
