using System.Runtime.InteropServices;
using Osprey.Probes.Native;

namespace Osprey.Probes.Tracing.Ptrace;

/// <summary>The requests of ptrace(2) that tracing needs. All are for the thread that seized the others.</summary>
internal static unsafe class PtraceCalls
{
    private const int GetRegistersRequest = 12;
    private const int SetRegistersRequest = 13;
    private const int GetFloatsRequest = 14;
    private const int ContinueRequest = 7;
    private const int StepRequest = 9;
    private const int DetachRequest = 17;
    private const int SeizeRequest = 0x4206;
    private const int InterruptRequest = 0x4207;
    private const int ListenRequest = 0x4208;
    private const int GetMessageRequest = 0x4201;
    private const int GetSignalMaskRequest = 0x420a;
    private const int SetSignalMaskRequest = 0x420b;

    // PTRACE_O_TRACEFORK, VFORK, CLONE and EXEC
    private const int Options = 0x2 | 0x4 | 0x8 | 0x10;

    /// <summary>Attaches to a thread, which runs on.</summary>
    /// <param name="threadId">The thread.</param>
    /// <param name="follows">Whether new threads and children are attached as they come.</param>
    /// <returns>0, or the error.</returns>
    public static int Seize(int threadId, bool follows = true) =>
        Libc.Trace(SeizeRequest, threadId, 0, follows ? Options : 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Asks a thread to stop.</summary>
    public static bool Interrupt(int threadId) => Libc.Trace(InterruptRequest, threadId, 0, 0) == 0;

    /// <summary>Lets a stopped thread run on.</summary>
    /// <param name="threadId">The thread.</param>
    /// <param name="signal">The signal that it gets; 0 for none.</param>
    public static bool Continue(int threadId, int signal = 0) => Libc.Trace(ContinueRequest, threadId, 0, signal) == 0;

    /// <summary>Lets a stopped thread execute one instruction.</summary>
    public static bool Step(int threadId) => Libc.Trace(StepRequest, threadId, 0, 0) == 0;

    /// <summary>Leaves a thread stopped that a signal to the process stopped, and waits for what comes.</summary>
    public static bool Listen(int threadId) => Libc.Trace(ListenRequest, threadId, 0, 0) == 0;

    /// <summary>Lets go of a stopped thread.</summary>
    /// <param name="threadId">The thread.</param>
    /// <param name="signal">The signal that it gets; 0 for none.</param>
    public static bool Detach(int threadId, int signal = 0) => Libc.Trace(DetachRequest, threadId, 0, signal) == 0;

    /// <summary>Reads the message of an event: the id of a new thread or process.</summary>
    public static bool TryGetMessage(int threadId, out ulong message)
    {
        ulong value = 0;
        bool isDone = Libc.Trace(GetMessageRequest, threadId, 0, (nint)(&value)) == 0;
        message = value;
        return isDone;
    }

    /// <summary>Reads the general registers of a stopped thread.</summary>
    public static bool TryGetRegisters(int threadId, out UserRegisters registers)
    {
        fixed (UserRegisters* target = &registers)
            return Libc.Trace(GetRegistersRequest, threadId, 0, (nint)target) == 0;
    }

    /// <summary>Writes the general registers of a stopped thread.</summary>
    public static bool TrySetRegisters(int threadId, UserRegisters registers) =>
        Libc.Trace(SetRegistersRequest, threadId, 0, (nint)(&registers)) == 0;

    /// <summary>Reads the signals that a stopped thread has blocked: bit N - 1 for signal N.</summary>
    public static bool TryGetSignalMask(int threadId, out ulong mask)
    {
        ulong value = 0;
        bool isDone = Libc.Trace(GetSignalMaskRequest, threadId, sizeof(ulong), (nint)(&value)) == 0;
        mask = value;
        return isDone;
    }

    /// <summary>Sets the signals that a stopped thread has blocked.</summary>
    public static bool TrySetSignalMask(int threadId, ulong mask) =>
        Libc.Trace(SetSignalMaskRequest, threadId, sizeof(ulong), (nint)(&mask)) == 0;

    /// <summary>Reads the floating-point registers of a stopped thread, as FXSAVE lays them out.</summary>
    /// <param name="threadId">The thread.</param>
    /// <param name="target">Receives 512 bytes.</param>
    public static bool TryGetFloats(int threadId, Span<byte> target)
    {
        fixed (byte* start = target)
            return target.Length >= 512 && Libc.Trace(GetFloatsRequest, threadId, 0, (nint)start) == 0;
    }
}
