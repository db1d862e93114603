using Osprey.Session.Guests;
using Osprey.Session.Guests.Sources;
using Osprey.Target;

namespace Osprey.Cli.Commands.Guest;

/// <summary>
/// Advice for each way in which a guest can't be reached or read, in terms of this program's options and commands.
/// </summary>
internal static class TargetAdvice
{
    /// <summary>The option of QEMU that gives it a QMP socket of its own for this program.</summary>
    private const string QmpOption = "-qmp unix:/tmp/osprey.qmp,server=on,wait=off";

    /// <summary>The next thing that a user can type or change; null when there is nothing.</summary>
    public static string? Find(TargetException exception) =>
        exception.Problem switch
        {
            TargetProblem.NoGuest => $"start one, or name a way to one: --target {TargetSpec.Syntax}",
            TargetProblem.SeveralGuests => $"name one: --target with {string.Join(", ", exception.Names)}",
            TargetProblem.NoSuchGuest => $"osprey guests lists those of this host; --target takes {TargetSpec.Syntax}",
            TargetProblem.AmbiguousGuestName => $"name one by its process id: {string.Join(", ", exception.Names)}",
            TargetProblem.NoSuchProcess => "osprey guests lists the guests of this host",
            TargetProblem.GuestEnded => "osprey guests lists those that run",
            TargetProblem.NotPermitted => "run osprey as root, or as the user that runs QEMU",
            TargetProblem.MemoryNotPermitted =>
                "run osprey as root, or as the user that runs QEMU with `sysctl kernel.yama.ptrace_scope=0`; "
                    + "or go through the gdb stub: --target gdb:HOST:PORT",
            TargetProblem.ProcessNotPermitted =>
                "run osprey as root, or as the user that runs the program with `sysctl kernel.yama.ptrace_scope=0`",
            TargetProblem.QmpNotPermitted => "run osprey as the user that runs QEMU, or as root",
            TargetProblem.NoQmp => $"start QEMU with: {QmpOption}",
            TargetProblem.QmpSilent => $"give QEMU a QMP socket of its own for osprey: {QmpOption}",
            TargetProblem.QmpBusy => $"disconnect the other program, or give QEMU a second one: {QmpOption}",
            TargetProblem.NoQmpServer => $"name QEMU's QMP socket: --qmp PATH; or start QEMU with: {QmpOption}",
            TargetProblem.QmpNotUnderstood => "name QEMU's QMP socket: --qmp PATH",
            TargetProblem.QmpOfAnotherGuest => "name the guest and its own QMP socket: --target PID --qmp PATH",
            TargetProblem.MalformedQmpAddress => "give PATH, unix:PATH or HOST:PORT",
            TargetProblem.ProcessStopped => $"let the process run on: kill -CONT {exception.ProcessId}",
            TargetProblem.QmpLost => "the guest may have ended: osprey guests",
            TargetProblem.NotResumed => "say cont to QEMU's monitor",
            TargetProblem.MalformedStubAddress => "give host:port, :port or unix:PATH",
            TargetProblem.NoStub => "start QEMU with -s or -gdb tcp::PORT, or type gdbserver into its monitor",
            TargetProblem.StubBusy => "a stub serves one debugger at a time: let that one leave first",
            TargetProblem.StubSilent => "a stub serves one debugger at a time: see whether another one is connected",
            TargetProblem.NoSuchThread => "osprey threads lists them",
            TargetProblem.KernelUnknown => "name the kernel's ELF file with --exe",
            TargetProblem.NotAGuestCore =>
                "make one with QMP's dump-guest-memory (paging false, format elf or kdump-zlib)",
            TargetProblem.UnsupportedCompression =>
                "dump again with format kdump-zlib, or convert it with makedumpfile -c",
            TargetProblem.PageTablesUnknown => "name the page tables: --cr3 ADDRESS",
            TargetProblem.OtherBuild =>
                "name the file that the guest was started with, or use this one as it is: --any-build",
            TargetProblem.NoSuchFrame => $"osprey bt --cpu {exception.Cpu}",
            TargetProblem.NoSavedRegisters => "give a struct that has them, such as pt_regs or exception_frame, "
                + "or rip=EXPRESSION,rsp=EXPRESSION,rbp=EXPRESSION",
            TargetProblem.NotAllowed => "allow it with --write",
            TargetProblem.StubNeeded => "reach the guest through its gdb stub: --target gdb:HOST:PORT",
            TargetProblem.NoSuchDrive when exception.Names.Count > 0 => $"it has {string.Join(", ", exception.Names)}",
            TargetProblem.NoBlockFilter => "put one in: osprey block insert DRIVE --write",
            TargetProblem.BlockFilterRefused => $"start QEMU with: {string.Join(" ", exception.Names)}",
            TargetProblem.NoSuchBlockEvent => "osprey block events lists them",
            TargetProblem.NoSuchBlockBreakpoint => "osprey block list shows those that are set",
            TargetProblem.RequestSuspended => "let it go on: osprey block resume TAG --write",
            _ => null,
        };

    /// <summary>Advice that ends the sentence of a message about source files; empty when there is none.</summary>
    public static string Find(SourcesException exception) =>
        exception.Problem switch
        {
            SourcesProblem.NoCommitNamed => "; give one with --commit",
            SourcesProblem.NoSuchCommit => "; fetch it, or give another with --commit",
            _ => "",
        };

    /// <summary>A sentence about an address that can't be read, with a hint at the command that shows more.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="address">The address.</param>
    /// <param name="isPhysical">True for a physical address.</param>
    public static string ExplainUnreadable(GuestSession session, ulong address, bool isPhysical) =>
        session.ExplainUnreadable(address, isPhysical) + (isPhysical ? " (osprey info lists what it has)" : "");
}
