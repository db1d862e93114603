using System.Runtime.InteropServices;

namespace Osprey.Tracing.Memory;

/// <summary>
/// A ring as a reader in another process sees it: 8 bytes of our own, then base, last and size where the kernel's
/// <c>trace_buf</c> has them.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal unsafe struct RingDescriptor
{
    /// <summary>1 while somebody writes a record or copies the ring, else 0.</summary>
    [FieldOffset(0)]
    public int Owner;

    /// <summary>The ring's first byte.</summary>
    [FieldOffset(8)]
    public byte* Base;

    /// <summary>The number of bytes ever written; not wrapped.</summary>
    [FieldOffset(16)]
    public ulong Last;

    /// <summary>The ring's size; a power of two.</summary>
    [FieldOffset(24)]
    public ulong Size;

    /// <summary>The number of records ever written.</summary>
    [FieldOffset(32)]
    public ulong Written;

    /// <summary>The number of those that newer ones have overwritten.</summary>
    [FieldOffset(40)]
    public ulong Overwritten;

    /// <summary>The number of records in each page that are not overwritten.</summary>
    [FieldOffset(48)]
    public uint* PageRecords;

    /// <summary>The CPU whose ring it is; -1 for one that takes over while a CPU's ring is in use.</summary>
    [FieldOffset(56)]
    public int Cpu;

    /// <summary>The ring's position in the table of rings.</summary>
    [FieldOffset(60)]
    public int Index;

    /// <summary>The time of the newest record.</summary>
    [FieldOffset(64)]
    public ulong NewestTime;
}
