using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Osprey.Traces.Model;

/// <summary>One sample of a trace, in the bytes of a tracefile of version 3, whatever it was read from.</summary>
/// <remarks>Valid while its batch is. The layout is that of trace-formats section 2.1: a header of 44 bytes, return
/// addresses up to a zero, then the arguments.</remarks>
public readonly ref struct TraceEvent
{
    /// <summary>Size in bytes of the fields before the backtrace.</summary>
    public const int HeaderSize = 44;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _payload;

    /// <param name="bytes">The whole sample.</param>
    /// <param name="payload">Offset of its arguments in <paramref name="bytes"/>.</param>
    /// <param name="tracepoint">Index of its tracepoint.</param>
    public TraceEvent(ReadOnlySpan<byte> bytes, int payload, int tracepoint)
    {
        _bytes = bytes;
        _payload = payload;
        Tracepoint = tracepoint;
    }

    /// <summary>Index of the tracepoint in the trace's <see cref="TracepointTable"/>.</summary>
    public int Tracepoint { get; }

    /// <summary>The whole sample as a tracefile of version 3 stores it.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Address of the tracepoint in the guest.</summary>
    public ulong Key => BinaryPrimitives.ReadUInt64LittleEndian(_bytes);

    /// <summary>Address of the guest's thread object; 0 very early in a boot.</summary>
    public ulong Thread => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[8..]);

    /// <summary>The thread's name field: 16 bytes, filled up with NUL.</summary>
    public ReadOnlySpan<byte> ThreadNameField => _bytes.Slice(16, 16);

    /// <summary>The thread's name as stored, without the NULs behind it; need not be UTF-8.</summary>
    public ReadOnlySpan<byte> ThreadName => ThreadNameField.TrimEnd((byte)0);

    /// <summary>Guest uptime in nanoseconds; 0 for samples without a thread.</summary>
    public ulong Time => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[32..]);

    /// <summary>Number of the CPU; 0xffffffff for samples without a thread.</summary>
    public uint Cpu => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[40..]);

    /// <summary>The return addresses, innermost first; empty when the sample has no backtrace.</summary>
    public ReadOnlySpan<ulong> Backtrace =>
        MemoryMarshal.Cast<byte, ulong>(_bytes[HeaderSize..(_payload - sizeof(ulong))]);

    /// <summary>Whether the sample has a backtrace.</summary>
    public bool HasBacktrace => _payload > HeaderSize + sizeof(ulong);

    /// <summary>The arguments' bytes.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[_payload..];

    /// <summary>Offset of <see cref="Payload"/> in <see cref="Bytes"/>.</summary>
    public int PayloadOffset => _payload;
}
