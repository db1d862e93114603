using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Osprey.Probes.Native;

namespace Osprey.Probes.Tracing.Uprobes;

/// <summary>The calls for events of perf_event_open(2).</summary>
internal static unsafe class PerfEvent
{
    /// <summary>The type of a record with a hit.</summary>
    public const uint Sample = 9; // PERF_RECORD_SAMPLE

    /// <summary>The type of a record that says how many were lost.</summary>
    public const uint Lost = 2; // PERF_RECORD_LOST

    /// <summary>The registers of a sample: ax bx cx dx si di bp sp ip, r8 to r15.</summary>
    public const ulong RegisterMask = 0xff01ff;

    /// <summary>The number of registers of a sample.</summary>
    public const int RegisterCount = 17;

    private const uint AttributesSize = 136;
    private const uint Tracepoint = 2; // PERF_TYPE_TRACEPOINT
    private const ulong SampleThread = 1 << 1;
    private const ulong SampleTime = 1 << 2;
    private const ulong SampleCpu = 1 << 7;
    private const ulong SampleRaw = 1 << 10;
    private const ulong SampleRegisters = 1 << 12;
    private const ulong SampleStack = 1 << 13;
    private const ulong Inherit = 1 << 1;
    private const ulong UseClock = 1 << 25;
    private const ulong InheritThreads = 1UL << 35;
    private const int MonotonicClock = 1;
    private const nuint SetOutputRequest = 0x2405;
    private const int CloseOnExec = 8; // PERF_FLAG_FD_CLOEXEC

    /// <summary>Opens an event of a thread and those that it starts, on one CPU.</summary>
    /// <param name="eventId">The kernel's number of the event.</param>
    /// <param name="threadId">The thread.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="stackSize">The bytes of stack that a sample brings; 0 for none.</param>
    /// <param name="error">The error when the result is negative.</param>
    public static int Open(int eventId, int threadId, int cpu, int stackSize, out int error)
    {
        Span<byte> attributes = stackalloc byte[(int)AttributesSize];
        attributes.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(attributes, Tracepoint);
        BinaryPrimitives.WriteUInt32LittleEndian(attributes[4..], AttributesSize);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes[8..], (ulong)eventId);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes[16..], 1); // each hit
        BinaryPrimitives.WriteUInt64LittleEndian(
            attributes[24..],
            SampleThread | SampleTime | SampleCpu | SampleRaw | SampleRegisters | (stackSize > 0 ? SampleStack : 0)
        );
        BinaryPrimitives.WriteUInt64LittleEndian(attributes[40..], Inherit | UseClock | InheritThreads);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes[80..], RegisterMask);
        BinaryPrimitives.WriteUInt32LittleEndian(attributes[88..], (uint)stackSize);
        BinaryPrimitives.WriteInt32LittleEndian(attributes[92..], MonotonicClock);
        fixed (byte* start = attributes)
        {
            int file = (int)Libc.Call(Libc.PerfEventOpen, (nint)start, threadId, cpu, -1, CloseOnExec);
            error = file < 0 ? Marshal.GetLastPInvokeError() : 0;
            return file;
        }
    }

    /// <summary>Has an event write to the buffer of another one of its CPU.</summary>
    public static bool Share(int file, int owner) => Libc.Control(file, SetOutputRequest, owner) == 0;
}
