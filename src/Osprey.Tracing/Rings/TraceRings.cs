using System.Diagnostics;
using System.Runtime.InteropServices;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Rings;

/// <summary>The rings that all records of the process are written to.</summary>
/// <remarks>
/// <para>
/// The kernel writes a record with interrupts disabled, so that a CPU's ring has one writer at a time. A program can't
/// do that: a thread may be switched out in the middle of a record, moved to another CPU, or reach a tracepoint while
/// it writes a record. So a writer owns the ring while it writes, and nobody ever waits for it: who finds the ring of
/// his CPU in use takes a spare one, then any other. Only when all are in use the record is dropped, and counted.
/// </para>
/// <para>
/// What follows from it: in each ring records are complete but for at most the newest one, and sorted by time, since
/// the time is read by the owner; a reader that merges rings by time finds each CPU's records in order. A ring may hold
/// records of other CPUs than its own; each record says its CPU. Whoever copies a ring owns it meanwhile, which stops
/// nobody either.
/// </para>
/// <para>
/// Another design was weighed: many writers that reserve room in one ring and commit it. It needs two atomic operations
/// a record instead of one, leaves holes that a reader can't step over, and must not reuse a page whose writer sleeps.
/// </para>
/// </remarks>
internal static unsafe class TraceRings
{
    /// <summary>Rings for all CPUs together, and the least for one, in pages, as the kernel has them.</summary>
    private const int TotalPages = 1024;
    private const int LeastPages = 256;

    /// <summary>The rings for records that come late; each has one source.</summary>
    private const int LateCount = 2;

    /// <summary>The most CPUs that have rings of their own: the log of strace has room for 1024 rings.</summary>
    private const int MostCpus = 1000;

    private static readonly Lock s_lock = new();
    private static RingDescriptor* s_rings;
    private static int s_cpuCount;
    private static int s_count;
    private static int s_pageSize;
    private static int s_pageShift;

    /// <summary>
    /// The number of CPUs that have rings: those that the system may ever have, so that one which is switched on later
    /// has its own. One beyond them shares another's.
    /// </summary>
    public static int CpuCount { get; } = CountCpus();

    /// <summary>The number of rings; 0 until a tracepoint was enabled.</summary>
    public static int Count => s_count;

    /// <summary>The size of the pages that records don't cross.</summary>
    public static int PageSize => s_pageSize;

    /// <summary>The binary logarithm of that size.</summary>
    public static int PageShift => s_pageShift;

    /// <summary>The number of records that found no ring, or that no page holds.</summary>
    public static long Dropped => Volatile.Read(ref TraceRegion.Header->Dropped);

    /// <summary>The ring for events that are delivered later than they happen.</summary>
    public static RingDescriptor* Late => s_rings + (s_count - 2);

    /// <summary>The ring for the sampler's records.</summary>
    public static RingDescriptor* Samples => s_rings + (s_count - 1);

    public static RingDescriptor* Get(int index)
    {
        Debug.Assert((uint)index < (uint)s_count);
        return s_rings + index;
    }

    /// <summary>Makes the rings, unless they are there.</summary>
    /// <param name="size">The size of a CPU's ring in bytes; 0 for the kernel's.</param>
    public static void Allocate(int size)
    {
        lock (s_lock)
        {
            if (s_count == 0)
                Make(size == 0 ? DefaultSize() : RoundUp(size), CpuCount, SpareCount());
        }
    }

    /// <summary>Makes other rings, for tests; nobody may be writing.</summary>
    public static void Replace(int size, int cpus, int spares)
    {
        lock (s_lock)
        {
            for (int i = 0; i < s_count; i++)
            {
                Free(s_rings + i);
                NativeMemory.Free(s_rings[i].PageRecords);
                s_rings[i] = default;
            }

            TraceRegion.Header->Dropped = 0;
            s_count = 0;
            Make(RoundUp(size), cpus, spares);
        }
    }

    /// <summary>Takes a ring for the thread, whatever CPU it runs on.</summary>
    /// <returns>Null when all are in use, which is counted.</returns>
    public static RingDescriptor* TryOwn(int cpu)
    {
        RingDescriptor* rings = s_rings;
        int cpus = s_cpuCount;
        int own = unchecked((uint)cpu < (uint)cpus ? cpu : (int)((uint)cpu % (uint)cpus));
        RingDescriptor* ring = rings + own;
        if (Interlocked.CompareExchange(ref ring->Owner, 1, 0) == 0)
            return ring;

        return TryOwnOther();
    }

    /// <summary>Counts records that are not written.</summary>
    public static void Drop(long count = 1) => Interlocked.Add(ref TraceRegion.Header->Dropped, count);

    /// <summary>Owns a ring in order to read it.</summary>
    /// <returns>
    /// False when somebody has been in the middle of a record for a second, such as a thread that a debugger stopped;
    /// nobody else can write to the ring then, and all but that record is safe to read.
    /// </returns>
    public static bool OwnToRead(RingDescriptor* ring)
    {
        var wait = new SpinWait();
        long start = Environment.TickCount64;
        while (Interlocked.CompareExchange(ref ring->Owner, 1, 0) != 0)
        {
            if (Environment.TickCount64 - start > 1000)
                return false;
            wait.SpinOnce();
        }

        return true;
    }

    public static void Release(RingDescriptor* ring) => Volatile.Write(ref ring->Owner, 0);

    private static RingDescriptor* TryOwnOther()
    {
        int count = s_count - LateCount;
        int i = s_cpuCount; // the spare ones come first
        for (int tried = 0; tried < count; tried++, i++)
        {
            if (i >= count)
                i = 0;
            RingDescriptor* ring = s_rings + i;
            if (Interlocked.CompareExchange(ref ring->Owner, 1, 0) == 0)
                return ring;
        }

        Drop();
        return null;
    }

    private static void Make(int size, int cpus, int spares)
    {
        int count = cpus + spares + LateCount;
        if (s_rings == null)
        {
            s_rings = (RingDescriptor*)TraceRegion.Allocate(Math.Max(count, 64) * sizeof(RingDescriptor));
            if (s_rings == null)
                throw new InvalidOperationException("There are so many tracepoints that no room is left for rings.");
        }

        s_pageSize = Math.Min(size, RecordLayout.PageSize);
        s_pageShift = System.Numerics.BitOperations.Log2((uint)s_pageSize);
        for (int i = 0; i < count; i++)
        {
            RingDescriptor* ring = s_rings + i;
            ring->Base = AllocateBytes(size, isLate: i >= cpus + spares);
            ring->Size = (ulong)size;
            ring->PageRecords = (uint*)NativeMemory.AllocZeroed((nuint)(size / s_pageSize), sizeof(uint));
            ring->Cpu = i < cpus ? i : -1;
            ring->Index = i;
        }

        RegionHeader* header = TraceRegion.Header;
        header->PageSize = s_pageSize;
        header->RingCount = count;
        s_cpuCount = cpus;
        Volatile.Write(ref s_count, count);
        Volatile.Write(ref *(nint*)&header->Rings, (nint)s_rings);
    }

    /// <summary>Late records may wait for memory; where nobody writes any, their ring takes none.</summary>
    private static byte* AllocateBytes(int size, bool isLate)
    {
        if (isLate)
            return (byte*)NativeMemory.AllocZeroed((nuint)size);

        byte* bytes = (byte*)NativeMemory.AlignedAlloc((nuint)size, RecordLayout.PageSize);
        NativeMemory.Clear(bytes, (nuint)size);
        return bytes;
    }

    private static void Free(RingDescriptor* ring)
    {
        if (ring->Index >= s_count - LateCount)
            NativeMemory.Free(ring->Base);
        else
            NativeMemory.AlignedFree(ring->Base);
    }

    private static int DefaultSize() => RecordLayout.PageSize * Math.Max(LeastPages, TotalPages / RoundUp(CpuCount));

    /// <summary>As many threads as there are CPUs may have been switched out in a record, and one more nests.</summary>
    private static int SpareCount() => Math.Clamp(CpuCount, 2, 8);

    private static int RoundUp(int size) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)size);

    private static int CountCpus()
    {
        long configured = OperatingSystem.IsLinux() ? Libc.GetConfiguration(Libc.ConfiguredProcessors) : 0;
        return (int)Math.Clamp(configured, Math.Min(Environment.ProcessorCount, MostCpus), MostCpus);
    }
}
