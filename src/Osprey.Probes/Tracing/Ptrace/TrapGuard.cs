using System.Buffers.Binary;
using System.Globalization;
using Osprey.Probes.Processes;

namespace Osprey.Probes.Tracing.Ptrace;

// While a tracer lives, SIGTRAP of a breakpoint never reaches the process. When the tracer is killed, it does, and the
// default is to die. So the process is made to call rt_sigaction itself, with a handler that is a single "ret" of its
// C library: a breakpoint without a tracer then costs a signal and does nothing. A process with a handler of its
// own, or that ignores the signal, is left alone; so is one in which no code to return from a signal is found. A
// thread that has blocked SIGTRAP dies all the same: the kernel forces the signal upon it.
//
// The call is made as debuggers make calls: a stopped thread gets other registers, its program counter at a "syscall"
// instruction, executes that one, and gets its own registers back, with which it goes on where it was, be that within
// a system call (whose restart the kernel works out from the registers when the thread runs again). The end of that
// step is a SIGTRAP, too: forced upon a thread that has it blocked, as new threads have all signals at first, it would
// put the default back. So the thread does not block it for that one instruction.

/// <summary>A handler of SIGTRAP that lets a process survive breakpoints that nobody handles any more.</summary>
internal sealed class TrapGuard
{
    private const int SetAction = 13; // SYS_rt_sigaction
    private const int ActionSize = 32;
    private const ulong Restorer = 0x04000000; // SA_RESTORER
    private const ulong OnStack = 0x08000000; // SA_ONSTACK
    private const ulong Restart = 0x10000000; // SA_RESTART
    private const ulong NoDefer = 0x40000000; // SA_NODEFER
    private const int MaxSearched = 8 << 20;
    private const int CallOffset = 7; // of "syscall" in the code to return from a signal

    private readonly int _processId;
    private readonly ProcessMemory _memory;
    private readonly ulong _return; // code that returns from a signal
    private readonly ulong _handler; // a "ret"

    private TrapGuard(int processId, ProcessMemory memory, ulong @return, ulong handler)
    {
        _processId = processId;
        _memory = memory;
        _return = @return;
        _handler = handler;
    }

    /// <summary>Looks for code for a handler; null when there is none, or the process has a handler.</summary>
    public static TrapGuard? Find(TracedProcess process, ProcessMemory memory) =>
        IsDefault(process.ProcessId) ? FindCode(process, memory) : null;

    /// <summary>As <see cref="Find"/>, for a process that is left with a handler of ours.</summary>
    public static TrapGuard? FindCode(TracedProcess process, ProcessMemory memory)
    {
        // mov $15,%rax; syscall: __restore_rt of glibc and musl.
        ReadOnlySpan<byte> wanted = [0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05];
        foreach (ProcessMapping mapping in process.ReadMappings().Where(mapping => mapping.IsExecutable))
        {
            byte[] code = new byte[Math.Min(mapping.End - mapping.Start, MaxSearched)];
            int size = memory.Read(mapping.Start, code);
            int at = code.AsSpan(0, size).IndexOf(wanted);
            int ret = at < 0 ? -1 : code.AsSpan(0, size).IndexOf((byte)0xc3);
            if (ret >= 0)
                return new TrapGuard(process.ProcessId, memory, mapping.Start + (ulong)at, mapping.Start + (ulong)ret);
        }

        return null;
    }

    /// <summary>Installs the handler.</summary>
    /// <param name="thread">A thread that is stopped, not by a signal.</param>
    public bool Install(int thread) =>
        Call(thread, _handler, Restorer | OnStack | Restart | NoDefer, _return) && !IsDefault(_processId);

    /// <summary>Puts the default back.</summary>
    /// <inheritdoc cref="Install"/>
    public bool Remove(int thread) => Call(thread, 0, 0, 0);

    /// <summary>Tells whether a process neither handles nor ignores SIGTRAP.</summary>
    private static bool IsDefault(int processId)
    {
        try
        {
            foreach (
                string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"))
            )
            {
                bool counts =
                    line.StartsWith("SigIgn:", StringComparison.Ordinal)
                    || line.StartsWith("SigCgt:", StringComparison.Ordinal);
                if (
                    counts
                    && ulong.TryParse(
                        line.AsSpan(7).Trim(),
                        NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture,
                        out ulong signals
                    )
                    && (signals & WaitStatus.BitOf(WaitStatus.Trap)) != 0
                )
                    return false;
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool Call(int thread, ulong handler, ulong flags, ulong restorer)
    {
        ulong trap = WaitStatus.BitOf(WaitStatus.Trap);
        if (!PtraceCalls.TryGetSignalMask(thread, out ulong mask) || (mask & trap) == 0)
            return CallUnblocked(thread, handler, flags, restorer);

        bool isDone =
            PtraceCalls.TrySetSignalMask(thread, mask & ~trap) && CallUnblocked(thread, handler, flags, restorer);
        return PtraceCalls.TrySetSignalMask(thread, mask) && isDone;
    }

    private bool CallUnblocked(int thread, ulong handler, ulong flags, ulong restorer)
    {
        if (!PtraceCalls.TryGetRegisters(thread, out UserRegisters before))
            return false;

        // Below what the thread may use of its stack.
        ulong place = unchecked(before.Rsp - 1024) & ~15UL;
        byte[] kept = new byte[ActionSize];
        byte[] action = new byte[ActionSize];
        BinaryPrimitives.WriteUInt64LittleEndian(action, handler);
        BinaryPrimitives.WriteUInt64LittleEndian(action.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt64LittleEndian(action.AsSpan(16), restorer);
        if (_memory.Read(place, kept) != kept.Length || !_memory.TryWrite(place, action))
            return false;

        UserRegisters call = before;
        call.Rip = _return + CallOffset;
        call.OriginalRax = ulong.MaxValue;
        call.Rax = SetAction;
        call.Rdi = WaitStatus.Trap;
        call.Rsi = place;
        call.Rdx = 0;
        call.R10 = sizeof(ulong);
        bool isDone =
            PtraceCalls.TrySetRegisters(thread, call)
            && StepOver(thread)
            && PtraceCalls.TryGetRegisters(thread, out UserRegisters after)
            && after.Rax == 0
            && after.Rip == call.Rip + 2;
        _memory.TryWrite(place, kept);
        return PtraceCalls.TrySetRegisters(thread, before) && isDone;
    }

    /// <summary>Executes one instruction. Signals that come meanwhile are sent again.</summary>
    private static unsafe bool StepOver(int thread)
    {
        var held = new List<int>();
        bool isDone = false;
        for (int i = 0; i < 16 && !isDone; i++)
        {
            int value;
            if (!PtraceCalls.Step(thread) || Native.Libc.WaitFor(thread, &value, 0x40000000) != thread)
                return false;

            var status = new WaitStatus(value);
            if (!status.IsStopped)
                return false;

            isDone = status is { Event: 0, Signal: WaitStatus.Trap };
            if (!isDone && status.Event == 0)
                held.Add(status.Signal);
        }

        foreach (int signal in held)
            Native.Libc.Signal(ProcessOf(thread), thread, signal);

        return isDone;
    }

    private static int ProcessOf(int thread)
    {
        string? line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{thread}/status"))
            .FirstOrDefault(line => line.StartsWith("Tgid:", StringComparison.Ordinal));
        return line is not null && int.TryParse(line.AsSpan(5).Trim(), CultureInfo.InvariantCulture, out int id)
            ? id
            : thread;
    }
}
