namespace Osprey.Traces.Rings;

/// <summary>
/// Samples that were read out of a ring, one behind the other as the kernel wrote them, and what was lost before them.
/// </summary>
/// <remarks>
/// The records are raw: 48 bytes, the backtrace if there is one, the arguments, each filled up to a multiple of 8
/// bytes. What the ring has between them, the unused ends of its pages, is left out. Used again and again.
/// </remarks>
public sealed class RingPiece
{
    private byte[] _buffer = [];

    /// <summary>The CPU's number.</summary>
    public int Cpu { get; internal set; }

    /// <summary>The records.</summary>
    public ReadOnlySpan<byte> Records => _buffer.AsSpan(0, Length);

    /// <summary>The time of the first sample, in nanoseconds since boot; null when there is none.</summary>
    public ulong? FirstTime => Count > 0 ? KernelRecord.TimeOf(Records) : null;

    /// <summary>The size of the records in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The number of samples.</summary>
    public int Count { get; private set; }

    /// <summary>Tells whether there is neither a sample nor a loss.</summary>
    public bool IsEmpty => Count == 0 && Loss.Bytes == 0;

    /// <summary>Tells whether its place in the ring is fixed: what is added must follow without a gap.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>The loss directly before the first of the samples.</summary>
    public RingLoss Loss { get; internal set; }

    /// <summary>The place of the first sample: how many bytes had been written to the ring before it.</summary>
    public ulong Position { get; internal set; }

    /// <summary>The place behind the last sample.</summary>
    public ulong End { get; internal set; }

    /// <summary>The size of the ring in bytes.</summary>
    public ulong RingSize { get; internal set; }

    /// <summary>Forgets what is in it.</summary>
    public void Clear()
    {
        Length = 0;
        Count = 0;
        Loss = default;
        HasBegun = false;
        Position = 0;
        End = 0;
    }

    /// <summary>
    /// Makes room for records that will be appended, so that the piece grows once and not page by page.
    /// </summary>
    internal void Reserve(int size)
    {
        if (_buffer.Length - Length >= size)
            return;

        byte[] buffer = GC.AllocateUninitializedArray<byte>(Math.Max(Length + size, _buffer.Length * 2));
        Records.CopyTo(buffer);
        _buffer = buffer;
    }

    /// <summary>Appends records that lie in one page of the ring.</summary>
    internal void Append(ReadOnlySpan<byte> records, int count)
    {
        Reserve(records.Length);
        records.CopyTo(_buffer.AsSpan(Length));
        Length += records.Length;
        Count += count;
    }
}
