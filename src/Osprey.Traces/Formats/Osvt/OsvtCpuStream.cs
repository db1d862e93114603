using System.Buffers.Binary;
using Osprey.Binary;
using Osprey.Traces.Model;
using Osprey.Traces.Rings;

namespace Osprey.Traces.Formats.Osvt;

/// <summary>Reads the records of one CPU in a dump, one at a time through a small window.</summary>
/// <remarks>
/// A record is what the kernel has in its ring, see <see cref="KernelRecord"/>. A key of 0 or all ones ends the CPU's
/// records; all ones mark one that the guest was still writing. A recording has many chunks for a CPU, which follow
/// each other.
/// </remarks>
internal sealed class OsvtCpuStream
{
    private const int RecordHeaderSize = KernelRecord.HeaderSize;
    private const int WindowSize = 1 << 16;

    private readonly ByteSource _source;
    private readonly IReadOnlyList<OsvtChunk> _chunks;
    private readonly TracepointTable _tracepoints;
    private readonly TraceStats _stats;
    private readonly int _backtraceLength;
    private OsvtChunk _chunk; // that of the current record
    private int _next; // number of the chunk behind it
    private byte[] _window = new byte[WindowSize];
    private long _windowOffset;
    private int _windowLength;
    private long _position; // of the current record, in the file
    private int _payload; // of the current record, in its own bytes
    private int _size; // of the current record
    private int _tracepoint;

    public OsvtCpuStream(
        ByteSource source,
        IReadOnlyList<OsvtChunk> chunks,
        TracepointTable tracepoints,
        int backtraceLength,
        TraceStats stats
    )
    {
        _source = source;
        _chunks = chunks;
        _tracepoints = tracepoints;
        _backtraceLength = backtraceLength;
        _stats = stats;
        OpenNext();
    }

    /// <summary>Time of the current record.</summary>
    public ulong Time { get; private set; }

    /// <summary>Goes to the next record.</summary>
    /// <returns>False when the chunk has no further readable one; what is left over is counted then.</returns>
    public bool MoveNext()
    {
        _position = (_position + _size + 7) & ~7L;
        _size = 0;
        long left = _chunk.Offset + _chunk.Size - _position;
        while (left <= 0)
        {
            if (!OpenNext())
                return false;

            left = _chunk.Size;
        }

        ReadOnlySpan<byte> record = Window((int)Math.Min(left, RecordHeaderSize));
        if (record.Length < RecordHeaderSize)
            return EndTruncated(left);

        ulong key = BinaryPrimitives.ReadUInt64LittleEndian(record);
        if (key is 0 or ulong.MaxValue)
        {
            if (key != 0)
                _stats.Count(LossKind.IncompleteSamples);

            return End(left);
        }

        _tracepoint = _tracepoints.IndexOf(key);
        if (_tracepoint < 0)
            return EndDamaged(
                left,
                $"a sample of unknown tracepoint 0x{key:x}, which the dictionary of {_tracepoints.Count} lacks"
            );

        if (_tracepoints[_tracepoint].Layout is not PayloadLayout layout)
            return EndDamaged(
                left,
                $"a sample of {MessageText.Shorten(_tracepoints[_tracepoint].Name)}: "
                    + _tracepoints[_tracepoint].LayoutProblem
            );

        Time = KernelRecord.TimeOf(record);
        _payload = KernelRecord.PayloadOf(record, _backtraceLength);
        int size = MeasurePayload(layout, left);
        if (size < 0)
            return EndTruncated(left);

        _size = _payload + size;
        return true;
    }

    /// <summary>Packs the current record into <paramref name="batch"/>.</summary>
    /// <param name="batch">Grows as needed.</param>
    /// <param name="used">Bytes of the batch's buffer in use; moved on.</param>
    public void CopyTo(SampleBatch batch, ref int used) =>
        KernelRecord.Pack(Window(_size), _payload, _tracepoints[_tracepoint], batch, ref used);

    /// <summary>Size of the current record's arguments, or -1 when the chunk ends before they do.</summary>
    private int MeasurePayload(PayloadLayout layout, long left)
    {
        int wanted = layout.FixedSize >= 0 ? _payload + layout.FixedSize : _payload;
        while (wanted <= left)
        {
            ReadOnlySpan<byte> record = Window(wanted);
            if (record.Length < wanted)
                return -1;

            int size = layout.Measure(record[_payload..]);
            if (size >= 0)
                return size;

            // Blobs: look further, up to what every field at its largest could take.
            int more = (int)Math.Min(left, wanted + 4096L);
            if (more == wanted || wanted > _payload + (layout.Fields.Length * (ushort.MaxValue + 8L)))
                return -1;

            wanted = more;
        }

        return -1;
    }

    /// <summary>The first <paramref name="size"/> bytes of the current record, or fewer at the file's end.</summary>
    private ReadOnlySpan<byte> Window(int size)
    {
        long offset = _position - _windowOffset;
        if (offset + size > _windowLength)
        {
            if (size > _window.Length)
                _window = new byte[Math.Max(size, _window.Length * 2)];

            long left = _chunk.Offset + _chunk.Size - _position;
            _windowLength = _source.Read(_position, _window.AsSpan(0, (int)Math.Min(left, _window.Length)));
            _windowOffset = _position;
            offset = 0;
        }

        int have = Math.Min(size, _windowLength - (int)offset);
        return _window.AsSpan((int)offset, have);
    }

    /// <summary>Goes to the first byte of the next chunk.</summary>
    private bool OpenNext()
    {
        if (_next >= _chunks.Count)
            return false;

        _chunk = _chunks[_next++];
        _position = _chunk.Offset;
        _windowOffset = _chunk.Offset;
        _windowLength = 0;
        return true;
    }

    private bool EndTruncated(long left)
    {
        _stats.Count(LossKind.TruncatedBytes, left);
        _stats.End(
            new BadDataException(
                _source.Name,
                _position,
                $"the CPU's samples end inside a record, after {left} bytes of it"
            )
        );
        return false;
    }

    private bool EndDamaged(long left, string problem)
    {
        _stats.End(new BadDataException(_source.Name, _position, problem));
        return End(left);
    }

    private bool End(long left)
    {
        _stats.Count(LossKind.UnreadableBytes, left);
        return false;
    }
}
