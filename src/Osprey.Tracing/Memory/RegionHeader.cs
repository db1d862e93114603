using System.Runtime.InteropServices;

namespace Osprey.Tracing.Memory;

/// <summary>
/// The first bytes of the region, which lead a reader in another process to the rings and the tracepoints.
/// </summary>
/// <remarks>
/// The region is the mapping that <c>/proc/PID/maps</c> calls <c>/memfd:osprey-tracing</c>; all numbers are
/// little-endian, all addresses those of the traced process.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal unsafe struct RegionHeader
{
    /// <summary>"OSPREYTR", as a little-endian number.</summary>
    public const ulong ExpectedMagic = 0x5254_5945_5250_534F;

    /// <summary>The layout that is described here.</summary>
    public const uint CurrentVersion = 1;

    [FieldOffset(0)]
    public ulong Magic;

    [FieldOffset(8)]
    public uint Version;

    /// <summary>The process's id, as the process itself sees it.</summary>
    [FieldOffset(12)]
    public int ProcessId;

    /// <summary>The address of this header.</summary>
    [FieldOffset(16)]
    public ulong Self;

    /// <summary>The region's size in bytes.</summary>
    [FieldOffset(24)]
    public ulong Size;

    /// <summary>The size of the pages that records don't cross.</summary>
    [FieldOffset(32)]
    public int PageSize;

    /// <summary>The number of return addresses in a record with a backtrace.</summary>
    [FieldOffset(36)]
    public int BacktraceLength;

    /// <summary>The first ring's descriptor; null until a tracepoint was enabled.</summary>
    [FieldOffset(40)]
    public RingDescriptor* Rings;

    /// <summary>The number of rings.</summary>
    [FieldOffset(48)]
    public int RingCount;

    /// <summary>The size of a ring's descriptor.</summary>
    [FieldOffset(52)]
    public int RingDescriptorSize;

    /// <summary>The first tracepoint's descriptor; the others follow it by their links.</summary>
    [FieldOffset(56)]
    public TracepointDescriptor* FirstTracepoint;

    /// <summary>The number of tracepoints.</summary>
    [FieldOffset(64)]
    public int TracepointCount;

    /// <summary>The number of records that no ring was free for, or that were bigger than a page.</summary>
    [FieldOffset(72)]
    public long Dropped;
}
