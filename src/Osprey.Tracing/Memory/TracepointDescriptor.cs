using System.Runtime.InteropServices;

namespace Osprey.Tracing.Memory;

/// <summary>
/// A tracepoint as a reader in another process sees it: the layout of the kernel's <c>tracepoint_base</c>, and our own
/// members behind it. Its address is the tracepoint's key in every record.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal unsafe struct TracepointDescriptor
{
    /// <summary>The tracepoint's number, from 0.</summary>
    [FieldOffset(0)]
    public ulong Number;

    /// <summary>The name, a C string.</summary>
    [FieldOffset(16)]
    public byte* Name;

    /// <summary>The format of the arguments, a C string.</summary>
    [FieldOffset(24)]
    public byte* Format;

    /// <summary>One character an argument, a C string.</summary>
    [FieldOffset(32)]
    public byte* Signature;

    /// <summary>The tracepoint that was defined next; null in the newest.</summary>
    [FieldOffset(40)]
    public TracepointDescriptor* Next;

    /// <summary>The one that was defined before; null in the first.</summary>
    [FieldOffset(48)]
    public TracepointDescriptor* Previous;

    /// <summary>1 when records carry a backtrace.</summary>
    [FieldOffset(56)]
    public byte Backtrace;

    /// <summary>1 when records are written.</summary>
    [FieldOffset(57)]
    public byte Logging;

    /// <summary>1 when anything is to be done: the byte that <c>Record</c> looks at.</summary>
    [FieldOffset(58)]
    public byte Active;

    /// <summary>1 when hits are counted.</summary>
    [FieldOffset(59)]
    public byte Counting;

    /// <summary>A count for each CPU, each in a cache line of its own; null until hits were first counted.</summary>
    [FieldOffset(64)]
    public ulong* Counters;
}
