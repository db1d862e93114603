using System.Buffers.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Rings;

/// <summary>Goes through the raw records of a <see cref="RingPiece"/>.</summary>
public static class RingRecords
{
    /// <summary>Adds the addresses of the calls in all backtraces: return addresses less 1.</summary>
    /// <param name="records">Whole records, as a piece has them.</param>
    /// <param name="tracepoints">The tracepoints that they are of.</param>
    /// <param name="layout">The sizes of records.</param>
    /// <param name="addresses">Receives the addresses.</param>
    /// <param name="limit">The most that the set may hold.</param>
    public static void CollectCalls(
        ReadOnlySpan<byte> records,
        TracepointTable tracepoints,
        RingLayout layout,
        HashSet<ulong> addresses,
        int limit
    )
    {
        while (TryMeasure(records, tracepoints, layout, out _, out int payload, out int size))
        {
            for (int at = KernelRecord.HeaderSize; at < payload; at += sizeof(ulong))
            {
                ulong address = BinaryPrimitives.ReadUInt64LittleEndian(records[at..]);
                if (address != 0 && addresses.Count < limit)
                    addresses.Add(address - 1);
            }

            records = records[Math.Min(KernelRecord.Pad(size), records.Length)..];
        }
    }

    /// <summary>Counts the records of each tracepoint.</summary>
    /// <param name="records">Whole records, as a piece has them.</param>
    /// <param name="tracepoints">The tracepoints that they are of.</param>
    /// <param name="layout">The sizes of records.</param>
    /// <param name="counts">Added to, by index of the tracepoint; at least as many as there are.</param>
    public static void Count(
        ReadOnlySpan<byte> records,
        TracepointTable tracepoints,
        RingLayout layout,
        Span<long> counts
    )
    {
        while (TryMeasure(records, tracepoints, layout, out int tracepoint, out _, out int size))
        {
            counts[tracepoint]++;
            records = records[Math.Min(KernelRecord.Pad(size), records.Length)..];
        }
    }

    /// <summary>Measures the record at the beginning of some bytes.</summary>
    /// <returns>False when there is none that is whole.</returns>
    internal static bool TryMeasure(
        ReadOnlySpan<byte> records,
        TracepointTable tracepoints,
        RingLayout layout,
        out int tracepoint,
        out int payload,
        out int size
    )
    {
        (tracepoint, payload, size) = (-1, 0, 0);
        if (records.Length < KernelRecord.HeaderSize)
            return false;

        tracepoint = tracepoints.IndexOf(BinaryPrimitives.ReadUInt64LittleEndian(records));
        if (tracepoint < 0 || tracepoints[tracepoint].Layout is not { } fields)
            return false;

        payload = KernelRecord.PayloadOf(records, layout.BacktraceLength);
        int arguments = payload <= records.Length ? fields.Measure(records[payload..]) : -1;
        size = payload + arguments;
        return arguments >= 0;
    }
}
