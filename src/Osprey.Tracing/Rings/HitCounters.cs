using System.Runtime.InteropServices;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Rings;

/// <summary>Counts of hits, one for each CPU, so that CPUs don't disturb each other.</summary>
internal static unsafe class HitCounters
{
    private const int Stride = 8; // a cache line

    /// <summary>Begins to count at 0.</summary>
    public static void Start(TracepointDescriptor* tracepoint)
    {
        int cpus = TraceRings.CpuCount;
        if (tracepoint->Counters == null)
            tracepoint->Counters = (ulong*)NativeMemory.AlignedAlloc((nuint)(cpus * Stride * sizeof(ulong)), 64);

        NativeMemory.Clear(tracepoint->Counters, (nuint)(cpus * Stride * sizeof(ulong)));
        Volatile.Write(ref tracepoint->Counting, 1);
    }

    public static void Stop(TracepointDescriptor* tracepoint) => Volatile.Write(ref tracepoint->Counting, 0);

    public static ulong Sum(TracepointDescriptor* tracepoint)
    {
        ulong sum = 0;
        for (int i = 0; i < TraceRings.CpuCount; i++)
            sum = unchecked(sum + Volatile.Read(ref tracepoint->Counters[i * Stride]));
        return sum;
    }

    public static ulong* Slot(TracepointDescriptor* tracepoint, int cpu) =>
        tracepoint->Counters + unchecked((uint)cpu % (uint)TraceRings.CpuCount * Stride);
}
