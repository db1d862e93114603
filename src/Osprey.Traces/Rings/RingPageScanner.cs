using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Osprey.Traces.Model;

namespace Osprey.Traces.Rings;

/// <summary>Finds the records in pages of a ring, and learns their sizes.</summary>
/// <param name="tracepoints">The tracepoints that records may have; may grow.</param>
/// <param name="ringLayout">The sizes of records.</param>
internal sealed class RingPageScanner(TracepointTable tracepoints, RingLayout ringLayout)
{
    private ulong _readBytes;
    private ulong _readSamples;
    private int _onlySize; // of all records so far; -1 when they differ, 0 when there are none
    private ulong _lastKey;
    private int _lastTracepoint = -1;

    /// <summary>
    /// The tracepoint of a record, by address, that is not in the table and that the last scan ended before; 0 for
    /// none.
    /// </summary>
    public ulong UnknownTracepoint { get; private set; }

    /// <summary>Learns the size of records that were taken.</summary>
    public void Learn(int bytes, int samples)
    {
        _readBytes += (ulong)bytes;
        _readSamples += (ulong)samples;
    }

    /// <summary>Estimates how many samples lay between two places; exact where all records have one size.</summary>
    public ulong Estimate(ulong from, ulong to)
    {
        if (from >= to)
            return 0;

        if (_onlySize > 0)
        {
            ulong page = (ulong)ringLayout.PageSize;
            ulong size = (ulong)_onlySize;
            ulong firstPage = (from + page - 1) & ~(page - 1);
            ulong lastPage = to & ~(page - 1);
            return firstPage > lastPage
                ? (to - from) / size
                : ((firstPage - from) / size)
                    + ((lastPage - firstPage) / page * (page / size))
                    + ((to - lastPage) / size);
        }

        double average = _readSamples > 0 ? (double)_readBytes / _readSamples : 128;
        return Math.Max(1, (ulong)((to - from) / average));
    }

    /// <summary>Finds the records of a page, from its beginning or from a record on.</summary>
    /// <returns>The bytes that whole records take.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Scan(ReadOnlySpan<byte> bytes, out int count, out int lastRecord, out RingPageEnd reason)
    {
        int at = 0;
        UnknownTracepoint = 0;
        count = 0;
        lastRecord = 0;
        while (bytes.Length - at >= sizeof(ulong))
        {
            ulong key = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
            if (key == 0 || key == KernelRecord.Unfinished)
            {
                reason = key == 0 ? RingPageEnd.Padding : RingPageEnd.Unfinished;
                return at;
            }

            int tracepoint = key == _lastKey && _lastTracepoint >= 0 ? _lastTracepoint : tracepoints.IndexOf(key);
            if (tracepoint < 0 || tracepoints[tracepoint].Layout is not { } layout)
            {
                UnknownTracepoint = key;
                reason = RingPageEnd.Unknown;
                return at;
            }

            (_lastKey, _lastTracepoint) = (key, tracepoint);
            ReadOnlySpan<byte> record = bytes[at..];
            reason = RingPageEnd.Strange;
            if (record.Length < KernelRecord.HeaderSize)
                return at;

            int payload = KernelRecord.PayloadOf(record, ringLayout.BacktraceLength);
            int size = payload <= record.Length ? layout.Measure(record[payload..]) : -1;
            if (size < 0 || KernelRecord.Pad(payload + size) > record.Length)
                return at;

            size = KernelRecord.Pad(payload + size);
            if (size != _onlySize)
                _onlySize = _onlySize == 0 ? size : -1;

            lastRecord = at;
            at += size;
            count++;
        }

        reason = at == bytes.Length ? RingPageEnd.Whole : RingPageEnd.Strange;
        return at;
    }
}
