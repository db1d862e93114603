using System.Runtime.CompilerServices;

namespace Osprey.Traces.Model;

/// <summary>
/// Some consecutive samples of a trace in one buffer. Refilled again and again by a <see cref="TraceReader"/>.
/// </summary>
public sealed class SampleBatch
{
#if DEBUG
    /// <summary>
    /// Initial size of the buffer in bytes. Small in debug builds, so that ordinary tests cross its seams.
    /// </summary>
    public const int DefaultCapacity = 4096;
#else
    /// <summary>Initial size of the buffer in bytes.</summary>
    public const int DefaultCapacity = 1 << 20;
#endif

    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(DefaultCapacity);
    private SampleRecord[] _records = new SampleRecord[DefaultCapacity / 128];

    /// <summary>How many samples there are.</summary>
    public int Count { get; private set; }

    /// <summary>The samples' places.</summary>
    public ReadOnlySpan<SampleRecord> Records => _records.AsSpan(0, Count);

    /// <summary>The bytes that the samples lie in; grows with <see cref="EnsureCapacity"/>.</summary>
    internal byte[] Buffer => _buffer;

    /// <summary>The sample at <paramref name="index"/>.</summary>
    public TraceEvent this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ref readonly SampleRecord record = ref _records[index];
            return new TraceEvent(
                _buffer.AsSpan(record.Start, record.End - record.Start),
                record.Payload - record.Start,
                record.Tracepoint
            );
        }
    }

    /// <summary>Forgets the samples; the buffer stays.</summary>
    internal void Clear() => Count = 0;

    /// <summary>Adds a sample that lies in <see cref="Buffer"/>.</summary>
    internal void Add(SampleRecord record)
    {
        if (Count == _records.Length)
            Array.Resize(ref _records, Count * 2);

        _records[Count++] = record;
    }

    /// <summary>Makes the buffer hold at least <paramref name="size"/> bytes; what is in it stays.</summary>
    internal void EnsureCapacity(int size)
    {
        if (size > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(size, (int)Math.Min(_buffer.Length * 2L, Array.MaxLength)));
    }
}
