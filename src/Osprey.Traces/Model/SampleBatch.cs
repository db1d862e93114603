using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Osprey.Traces.Model;

/// <summary>
/// Some consecutive samples of a trace in one buffer. A <see cref="TraceReader"/> fills it again and again.
/// </summary>
public sealed class SampleBatch
{
#if DEBUG
    /// <summary>
    /// Initial size of the buffer in bytes. Small in debug builds, so that ordinary tests cross its seams.
    /// </summary>
    public const int DefaultCapacity = 4096;
#else
    /// <summary>
    /// Initial size of the buffer in bytes: a few of them fit the cache of a processor, which a larger one leaves.
    /// </summary>
    public const int DefaultCapacity = 1 << 18;
#endif

    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(DefaultCapacity);
    private SampleRecord[] _records = new SampleRecord[DefaultCapacity / 128];

    /// <summary>The number of samples.</summary>
    public int Count { get; private set; }

    /// <summary>The samples' places.</summary>
    internal ReadOnlySpan<SampleRecord> Records => _records.AsSpan(0, Count);

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

    /// <summary>Tells whether there is no room for many more samples: the reader should hand the batch on.</summary>
    public bool IsFull => End >= DefaultCapacity / 2;

    /// <summary>The byte behind the last sample.</summary>
    private int End => Count == 0 ? 0 : _records[Count - 1].End;

    /// <summary>Forgets the samples; the buffer stays.</summary>
    public void Clear() => Count = 0;

    /// <summary>Packs a sample behind the others.</summary>
    /// <exception cref="ArgumentException">The arguments are not laid out as the tracepoint's layout says.</exception>
    public void Add(in SampleFields sample)
    {
        Tracepoint tracepoint = sample.Tracepoint;
        if (tracepoint.Layout is null || tracepoint.Layout.Measure(sample.Payload) != sample.Payload.Length)
            throw new ArgumentException($"the arguments do not fit the signature of {tracepoint}", nameof(sample));

        int start = End;
        int payload = start + SampleLayout.PayloadOffset(sample.Backtrace.Length);
        EnsureCapacity(payload + sample.Payload.Length);
        Span<byte> target = _buffer.AsSpan(start);
        BinaryPrimitives.WriteUInt64LittleEndian(target, tracepoint.Key);
        BinaryPrimitives.WriteUInt64LittleEndian(target[SampleLayout.Thread..], sample.Thread);
        WriteName(target.Slice(SampleLayout.ThreadName, SampleLayout.ThreadNameSize), sample.ThreadName);
        BinaryPrimitives.WriteUInt64LittleEndian(target[SampleLayout.Time..], sample.Time);
        BinaryPrimitives.WriteUInt32LittleEndian(target[SampleLayout.Cpu..], sample.Cpu);
        int position = SampleLayout.Backtrace;
        foreach (ulong address in sample.Backtrace)
        {
            if (address == 0)
                continue;

            BinaryPrimitives.WriteUInt64LittleEndian(target[position..], address);
            position += sizeof(ulong);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(target[position..], 0);
        position += sizeof(ulong);
        sample.Payload.CopyTo(target[position..]);
        AddInPlace(
            new SampleRecord(start, start + position, start + position + sample.Payload.Length, tracepoint.Index)
        );
    }

    /// <summary>Adds a sample that already lies in <see cref="Buffer"/>, as <see cref="SampleLayout"/> says.</summary>
    internal void AddInPlace(SampleRecord record)
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

    /// <summary>Writes a thread's name; one that is too long is cut behind a whole character.</summary>
    internal static void WriteName(Span<byte> field, ReadOnlySpan<byte> name)
    {
        field.Clear();
        if (name.Length > field.Length)
        {
            name = name[..field.Length];
            while (!name.IsEmpty && Rune.DecodeLastFromUtf8(name, out _, out int size) != OperationStatus.Done)
                name = name[..^size];
        }

        name.CopyTo(field);
    }
}
