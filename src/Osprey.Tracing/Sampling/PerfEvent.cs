using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Sampling;

/// <summary>An event of Linux that is counted for a thread on a CPU (perf_event_open).</summary>
internal static unsafe class PerfEvent
{
    public const nuint Enable = 0x2400; // PERF_EVENT_IOC_ENABLE
    public const nuint Disable = 0x2401; // PERF_EVENT_IOC_DISABLE
    public const nuint SetOutput = 0x2405; // PERF_EVENT_IOC_SET_OUTPUT

    private const int AttributeSize = 112; // PERF_ATTR_SIZE_VER5, of Linux 4.1
    private const uint Software = 1; // PERF_TYPE_SOFTWARE
    private const ulong TaskClock = 1; // PERF_COUNT_SW_TASK_CLOCK
    private const ulong SampledFields = 2 | 4 | 0x20 | 0x80; // PERF_SAMPLE_TID, _TIME, _CALLCHAIN, _CPU
    private const nint CloseOnExec = 8; // PERF_FLAG_FD_CLOEXEC

    private const ulong Disabled = 1 << 0;
    private const ulong Inherit = 1 << 1;
    private const ulong ExcludeKernel = 1 << 5;
    private const ulong ExcludeHypervisor = 1 << 6;
    private const ulong ExcludeKernelFrames = 1 << 21; // exclude_callchain_kernel
    private const ulong HasClock = 1 << 25; // use_clockid
    private const int MonotonicClock = 1; // CLOCK_MONOTONIC
    private const ushort FramesWanted = RecordLayout.BacktraceLength;

    /// <summary>The system call's number; -1 on processors that are not known.</summary>
    private static readonly nint s_call = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 298,
        Architecture.Arm64 => 241,
        _ => -1,
    };

    /// <summary>Whether there are such events on this system.</summary>
    public static bool IsKnown => OperatingSystem.IsLinux() && s_call >= 0;

    /// <summary>Opens the clock of a thread's time on a CPU; threads that it starts from then on count, too.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="period">The nanoseconds of CPU time from one sample to the next.</param>
    /// <param name="withKernel">Whether samples are also taken while the thread is in the kernel.</param>
    /// <returns>The event's file, disabled; the negative error number when it can't be had.</returns>
    public static int Open(int thread, int cpu, long period, bool withKernel)
    {
        Span<byte> attributes = stackalloc byte[AttributeSize];
        attributes.Clear();
        ulong flags = Disabled | Inherit | ExcludeHypervisor | ExcludeKernelFrames | HasClock;
        BinaryPrimitives.WriteUInt32LittleEndian(attributes, Software);
        BinaryPrimitives.WriteInt32LittleEndian(attributes[4..], AttributeSize);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes[8..], TaskClock);
        BinaryPrimitives.WriteInt64LittleEndian(attributes[16..], period);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes[24..], SampledFields);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes[40..], withKernel ? flags : flags | ExcludeKernel);
        BinaryPrimitives.WriteInt32LittleEndian(attributes[92..], MonotonicClock);
        BinaryPrimitives.WriteUInt16LittleEndian(attributes[108..], FramesWanted);
        fixed (byte* start = attributes)
        {
            nint file = Libc.CallSystem(s_call, (nint)start, thread, cpu, -1, CloseOnExec);
            return file >= 0 ? (int)file : -Marshal.GetLastPInvokeError();
        }
    }
}
