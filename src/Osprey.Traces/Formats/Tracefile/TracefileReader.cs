using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Osprey.Binary;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;
using Osprey.Traces.Semantics.Osv;

namespace Osprey.Traces.Formats.Tracefile;

/// <summary>Reads a tracefile of version 1 to 3, front to back in one pass.</summary>
/// <remarks>
/// <para>
/// A tracefile has a version, a dictionary, then samples packed without any padding, whose length can only be known by
/// walking them. A sample with a key that the dictionary lacks therefore ends the readable part of the file.
/// </para>
/// <para>
/// The file is read straight into the batch's buffer, and samples of version 2 and 3 stay where they are: places in the
/// file and in <see cref="SampleLayout"/> are the same. Only the start of a sample that the buffer's end cuts is
/// carried over to the next batch. Samples of version 1 have no thread names and are moved apart.
/// </para>
/// </remarks>
public sealed class TracefileReader : TraceReader
{
    private const int SmallestDictionaryEntry = 14;
    private const int MaxBacktrace = 4096;

    private readonly TraceInput _input;
    private readonly ParseLimits _limits;
    private readonly int _version;
    private readonly int _headerSize;
    private byte[] _carry = new byte[Math.Min(SampleBatch.DefaultCapacity, 1 << 16)];
    private int _carryStart;
    private int _carryLength;
    private long _carryOffset; // of the first carried byte in the file
    private bool _inputEnded;
    private int _lastIndex = -1;
    private ulong _lastKey;

    /// <summary>Reads the dictionary.</summary>
    /// <exception cref="BadDataException">The dictionary is damaged or cut short.</exception>
    internal TracefileReader(TraceInput input, ParseLimits limits)
    {
        _input = input;
        _limits = limits;
        Fill(sizeof(int) + sizeof(ulong), "the file's header");
        _version = BinaryPrimitives.ReadInt32LittleEndian(_carry);
        _headerSize = _version switch
        {
            1 => TracefileLayout.HeaderSizeOfVersion1,
            2 or 3 => TracefileLayout.HeaderSize,
            _ => throw new ArgumentException("not a tracefile", nameof(input)),
        };
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(_carry.AsSpan(sizeof(int)));
        Consume(sizeof(int) + sizeof(ulong));
        ReadDictionary(count);
    }

    /// <inheritdoc/>
    public override string Name => _input.Name;

    /// <inheritdoc/>
    public override string FormatName => $"tracefile version {_version}";

    /// <inheritdoc/>
    public override TracepointTable Tracepoints { get; } = new();

    /// <summary>OSv's: no other system writes tracefiles.</summary>
    public override TraceSemantics Semantics => OsvTraceSemantics.Instance;

    /// <inheritdoc/>
    public override long? Length => _input.Length;

    /// <inheritdoc/>
    public override bool Read(SampleBatch batch)
    {
        batch.Clear();
        while (Stats.Damage is null && !(_inputEnded && _carryLength == 0))
        {
            int length = MoveCarryInto(batch);
            Debug.Assert(TracefileLayout.IsModels, "samples are used where the file was read to");
            int used = _version == 1 ? ScanVersion1(batch, length) : Scan(batch, length);
            if (_version != 1)
                KeepRest(batch.Buffer.AsSpan(used, length - used), used);

            if (_inputEnded && _input.Damage is BadDataException damage)
                Stats.End(damage);

            if (Stats.Damage is null && _inputEnded && _carryLength > 0)
                EndTruncated();

            if (batch.Count > 0)
            {
                Stats.Samples += batch.Count;
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _input.Dispose();
        base.Dispose(disposing);
    }

    private void ReadDictionary(ulong count)
    {
        if (
            count > (ulong)_limits.MaxTracepoints
            || (Length is long total && count > (ulong)total / SmallestDictionaryEntry)
        )
            throw new BadDataException(
                Name,
                sizeof(int),
                $"a dictionary of {count} tracepoints does not fit in this file"
            );

        Span<(int Start, int Length)> texts = stackalloc (int, int)[3];
        for (ulong i = 0; i < count; i++)
        {
            string what = $"tracepoint {i + 1} of {count}";
            int size = sizeof(ulong);
            for (int text = 0; text < texts.Length; text++)
            {
                Fill(size + sizeof(ushort), what);
                int length = BinaryPrimitives.ReadUInt16LittleEndian(_carry.AsSpan(_carryStart + size));
                texts[text] = (size + sizeof(ushort), length);
                size += sizeof(ushort) + length;
                Fill(size, what);
            }

            Tracepoints.Add(
                BinaryPrimitives.ReadUInt64LittleEndian(_carry.AsSpan(_carryStart)),
                _carry.AsSpan(_carryStart + texts[0].Start, texts[0].Length),
                _carry.AsSpan(_carryStart + texts[1].Start, texts[1].Length),
                _carry.AsSpan(_carryStart + texts[2].Start, texts[2].Length)
            );
            Consume(size);
        }
    }

    /// <summary>Walks the samples in the batch's first <paramref name="length"/> bytes.</summary>
    /// <returns>The bytes that whole samples take.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Scan(SampleBatch batch, int length)
    {
        ReadOnlySpan<byte> data = batch.Buffer.AsSpan(0, length);
        int start = 0;
        while (TryFindEnd(data, start, _headerSize, out SampleRecord record))
        {
            batch.AddInPlace(record);
            start = record.End;
        }

        return start;
    }

    /// <summary>As <see cref="Scan"/> for samples without a thread name, which get an empty one.</summary>
    private int ScanVersion1(SampleBatch batch, int length)
    {
        byte[] old = batch.Buffer.AsSpan(0, length).ToArray();
        int start = 0;
        int written = 0;
        while (TryFindEnd(old, start, _headerSize, out SampleRecord record))
        {
            int size = record.End - record.Start + TracefileLayout.HeaderSize - _headerSize;
            batch.EnsureCapacity(written + size);
            Span<byte> target = batch.Buffer.AsSpan(written, size);
            ReadOnlySpan<byte> source = old.AsSpan(record.Start, record.End - record.Start);
            source[..SampleLayout.ThreadName].CopyTo(target);
            target[SampleLayout.ThreadName..SampleLayout.Time].Clear();
            source[SampleLayout.ThreadName..].CopyTo(target[SampleLayout.Time..]);
            batch.AddInPlace(
                new SampleRecord(
                    written,
                    written + size - (record.End - record.Payload),
                    written + size,
                    record.Tracepoint
                )
            );
            written += size;
            start = record.End;
        }

        KeepRest(old.AsSpan(start), start);
        return start;
    }

    /// <summary>Finds where the sample at <paramref name="start"/> ends.</summary>
    /// <returns>
    /// False when it is not whole, or when it is damaged, which <see cref="TraceStats.Damage"/> then says.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryFindEnd(ReadOnlySpan<byte> data, int start, int headerSize, out SampleRecord record)
    {
        record = default;
        int position = start + headerSize;
        if (data.Length - start < headerSize)
            return false;

        ulong key = BinaryPrimitives.ReadUInt64LittleEndian(data[start..]);
        int index = key == _lastKey && _lastIndex >= 0 ? _lastIndex : Tracepoints.IndexOf(key);
        _lastKey = key;
        _lastIndex = index;
        if (index < 0)
        {
            EndDamaged(
                start,
                $"a sample of unknown tracepoint 0x{key:x}, which the dictionary of {Tracepoints.Count} lacks"
            );
            return false;
        }

        for (int frames = 0; ; frames++)
        {
            if (data.Length - position < sizeof(ulong))
                return false;

            ulong frame = BinaryPrimitives.ReadUInt64LittleEndian(data[position..]);
            position += sizeof(ulong);
            if (frame == 0)
                break;

            if (frames == MaxBacktrace)
            {
                EndDamaged(start, $"a backtrace of over {MaxBacktrace} frames");
                return false;
            }
        }

        PayloadLayout? layout = Tracepoints[index].Layout;
        if (layout is null)
        {
            EndDamaged(
                start,
                $"a sample of {MessageText.Shorten(Tracepoints[index].Name)}: {Tracepoints[index].LayoutProblem}"
            );
            return false;
        }

        int size = layout.Measure(data[position..]);
        if (size < 0)
            return false;

        record = new SampleRecord(start, position, position + size, index);
        return true;
    }

    private int MoveCarryInto(SampleBatch batch)
    {
        if (_carryLength * 2 > batch.Buffer.Length)
            batch.EnsureCapacity(_carryLength * 2);

        _carry.AsSpan(_carryStart, _carryLength).CopyTo(batch.Buffer);
        int count = _inputEnded ? 0 : _input.Read(batch.Buffer.AsSpan(_carryLength));
        _inputEnded |= count < batch.Buffer.Length - _carryLength;
        Stats.BytesRead += count;
        return _carryLength + count;
    }

    private void KeepRest(ReadOnlySpan<byte> rest, int used)
    {
        if (_carry.Length < rest.Length)
            _carry = new byte[rest.Length];

        rest.CopyTo(_carry);
        _carryStart = 0;
        _carryLength = rest.Length;
        _carryOffset += used;
        if (Stats.Damage is null && rest.Length > _limits.MaxRecordSize)
            EndDamaged(0, $"a sample of over {_limits.MaxRecordSize} bytes");
    }

    private void EndTruncated()
    {
        Stats.Count(LossKind.TruncatedBytes, _carryLength);
        Stats.End(
            new BadDataException(Name, _carryOffset, $"the file ends inside a sample, after {_carryLength} bytes of it")
        );
        _carryLength = 0;
    }

    private void EndDamaged(int start, string problem)
    {
        long offset = _carryOffset + start;
        Stats.End(new BadDataException(Name, offset, problem));
        if (Length is long length)
            Stats.Count(LossKind.UnreadableBytes, length - offset);
    }

    /// <summary>Has at least <paramref name="size"/> bytes in the carry.</summary>
    private void Fill(int size, string what)
    {
        if (_carryLength >= size)
            return;

        _carry.AsSpan(_carryStart, _carryLength).CopyTo(_carry);
        _carryStart = 0;
        if (_carry.Length < size)
            Array.Resize(ref _carry, size * 2);

        int count = _input.Read(_carry.AsSpan(_carryLength));
        _inputEnded |= count < _carry.Length - _carryLength;
        _carryLength += count;
        Stats.BytesRead += count;
        if (_carryLength < size)
            ThrowTruncated(size, what);
    }

    private void Consume(int size)
    {
        _carryStart += size;
        _carryLength -= size;
        _carryOffset += size;
    }

    [DoesNotReturn]
    private void ThrowTruncated(int size, string what) =>
        throw new BadDataException(
            Name,
            _carryOffset,
            $"the file ends inside {what}: expected {size} bytes, have {_carryLength}"
        );
}
