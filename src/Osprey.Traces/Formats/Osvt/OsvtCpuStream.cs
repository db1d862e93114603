using System.Buffers.Binary;
using Osprey.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Osvt;

/// <summary>Reads the records of one CPU in a dump, one at a time through a small window.</summary>
/// <remarks>
/// A record is what the kernel has in its ring: 48 bytes with the tracepoint's address, the thread and its name, time,
/// CPU and flags, then, when the flags say so, a backtrace of fixed size filled up with zeros, then the arguments. The
/// next record begins at a multiple of 8 bytes. A key of 0 or all ones ends the CPU's records; all ones mark one that
/// the guest was still writing.
/// </remarks>
internal sealed class OsvtCpuStream
{
    private const int RecordHeaderSize = 48;
    private const int WindowSize = 1 << 16;

    private readonly ByteSource _source;
    private readonly OsvtChunk _chunk;
    private readonly TracepointTable _tracepoints;
    private readonly TraceStats _stats;
    private readonly int _backtraceLength;
    private byte[] _window = new byte[WindowSize];
    private long _windowOffset;
    private int _windowLength;
    private long _position; // of the current record, in the file
    private int _payload; // of the current record, in its own bytes
    private int _size; // of the current record
    private int _tracepoint;

    public OsvtCpuStream(
        ByteSource source,
        OsvtChunk chunk,
        TracepointTable tracepoints,
        int backtraceLength,
        TraceStats stats
    )
    {
        _source = source;
        _chunk = chunk;
        _tracepoints = tracepoints;
        _backtraceLength = backtraceLength;
        _stats = stats;
        _position = chunk.Offset;
        _windowOffset = chunk.Offset;
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
        if (left <= 0)
            return false;

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

        Time = BinaryPrimitives.ReadUInt64LittleEndian(record[32..]);
        bool hasBacktrace = (record[44] & 1) != 0;
        _payload = RecordHeaderSize + (hasBacktrace ? _backtraceLength * sizeof(ulong) : 0);
        int size = MeasurePayload(layout, left);
        if (size < 0)
            return EndTruncated(left);

        _size = _payload + size;
        return true;
    }

    /// <summary>Packs the current record into <paramref name="batch"/>.</summary>
    /// <param name="batch">Grows as needed.</param>
    /// <param name="used">Bytes of the batch's buffer in use; moved on.</param>
    public void CopyTo(SampleBatch batch, ref int used)
    {
        ReadOnlySpan<byte> record = Window(_size);
        batch.EnsureCapacity(used + _size + sizeof(ulong));
        Span<byte> target = batch.Buffer.AsSpan(used);
        // Key, thread, time and CPU have the same places in a record and in the model.
        record[..SampleLayout.ThreadName].CopyTo(target);
        CopyName(
            record.Slice(SampleLayout.ThreadName, SampleLayout.ThreadNameSize),
            target.Slice(SampleLayout.ThreadName, SampleLayout.ThreadNameSize)
        );
        record[SampleLayout.Time..SampleLayout.Backtrace].CopyTo(target[SampleLayout.Time..]);
        int position = SampleLayout.Backtrace;
        for (int frame = RecordHeaderSize; frame < _payload; frame += sizeof(ulong))
        {
            ReadOnlySpan<byte> address = record.Slice(frame, sizeof(ulong));
            if (BinaryPrimitives.ReadUInt64LittleEndian(address) != 0)
            {
                address.CopyTo(target[position..]);
                position += sizeof(ulong);
            }
        }

        target.Slice(position, sizeof(ulong)).Clear();
        position += sizeof(ulong);
        ReadOnlySpan<byte> payload = record[_payload..];
        payload.CopyTo(target[position..]);
        ClearGarbage(_tracepoints[_tracepoint].Layout!, target.Slice(position, payload.Length));
        batch.AddInPlace(new SampleRecord(used, used + position, used + position + payload.Length, _tracepoint));
        used += position + payload.Length;
    }

    private static void CopyName(ReadOnlySpan<byte> field, Span<byte> target)
    {
        int length = field.IndexOf((byte)0);
        length = length < 0 ? field.Length : length;
        target.Clear();
        field[..length].CopyTo(target);
    }

    /// <summary>Zeroes what the guest left in padding and behind the end of text.</summary>
    private static void ClearGarbage(PayloadLayout layout, Span<byte> payload)
    {
        int end = 0;
        for (int i = 0; i < layout.Fields.Length; i++)
        {
            PayloadField field = layout.Fields[i];
            int offset = layout.OffsetOf(i, payload);
            payload[end..offset].Clear();
            end = offset + field.Size;
            if (field.Type == ArgumentType.Text)
            {
                byte length = Math.Min(payload[offset], (byte)(field.Size - 1));
                payload[offset] = length;
                payload[(offset + 1 + length)..end].Clear();
            }
            else if (field.Type == ArgumentType.Blob)
            {
                end += BinaryPrimitives.ReadUInt16LittleEndian(payload[offset..]);
            }
        }
    }

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
