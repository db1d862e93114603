using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Osprey.Traces.Model;

/// <summary>A view of one sample of a trace, whatever it was read from: its fields by meaning.</summary>
/// <remarks>Valid while the memory is in which the sample lies, as a rule until its batch is filled anew.</remarks>
public readonly ref struct TraceEvent
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _payload;

    /// <param name="bytes">The whole sample, laid out as <see cref="SampleLayout"/> says.</param>
    /// <param name="payload">Offset of its arguments in <paramref name="bytes"/>.</param>
    /// <param name="tracepoint">Index of its tracepoint.</param>
    internal TraceEvent(ReadOnlySpan<byte> bytes, int payload, int tracepoint)
    {
        _bytes = bytes;
        _payload = payload;
        Tracepoint = tracepoint;
    }

    /// <summary>Index of the tracepoint in the trace's <see cref="TracepointTable"/>.</summary>
    public int Tracepoint { get; }

    /// <summary>The key of the tracepoint, see <see cref="Model.Tracepoint.Key"/>.</summary>
    public ulong Key => BinaryPrimitives.ReadUInt64LittleEndian(_bytes);

    /// <summary>
    /// The number that the source knows the thread by, such as the address of its object in a guest; 0 for samples
    /// without a thread.
    /// </summary>
    public ulong Thread => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[SampleLayout.Thread..]);

    /// <summary>The thread's name field: 16 bytes, filled up with NUL.</summary>
    public ReadOnlySpan<byte> ThreadNameField => _bytes.Slice(SampleLayout.ThreadName, SampleLayout.ThreadNameSize);

    /// <summary>The thread's name, without the NULs behind it; need not be UTF-8.</summary>
    public ReadOnlySpan<byte> ThreadName => ThreadNameField.TrimEnd((byte)0);

    /// <summary>The thread and its name as bytes: alike for samples of one thread that has one name.</summary>
    public ReadOnlySpan<byte> ThreadIdentity => _bytes[SampleLayout.Thread..SampleLayout.Time];

    /// <summary>Nanoseconds on the source's clock, as a rule since boot; 0 for samples without a time.</summary>
    public ulong Time => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[SampleLayout.Time..]);

    /// <summary>Number of the CPU; 0xffffffff for samples without one.</summary>
    public uint Cpu => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[SampleLayout.Cpu..]);

    /// <summary>The return addresses, innermost first; empty when the sample has no backtrace.</summary>
    public ReadOnlySpan<ulong> Backtrace =>
        MemoryMarshal.Cast<byte, ulong>(_bytes[SampleLayout.Backtrace..(_payload - sizeof(ulong))]);

    /// <summary>Tells whether the sample has a backtrace.</summary>
    public bool HasBacktrace => _payload > SampleLayout.Backtrace + sizeof(ulong);

    /// <summary>The arguments' bytes, laid out as the tracepoint's <see cref="PayloadLayout"/> says.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[_payload..];

    /// <summary>The whole sample, laid out as <see cref="SampleLayout"/> says.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Offset of <see cref="Payload"/> in <see cref="Bytes"/>.</summary>
    internal int PayloadOffset => _payload;
}
