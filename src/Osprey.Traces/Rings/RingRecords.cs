using System.Buffers.Binary;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Rings;

/// <summary>Goes through the raw records of a <see cref="RingPiece"/>.</summary>
public static class RingRecords
{
    /// <summary>Finds the argument of each tracepoint that is the function which begins or ends.</summary>
    /// <returns>Places of arguments, by index of the tracepoint; -1 for one that has no such argument.</returns>
    public static int[] FindFunctions(TracepointTable tracepoints, TraceSemantics semantics) =>
        [
            .. tracepoints.All.Select(tracepoint =>
                semantics.RoleOf(tracepoint) is TracepointRole.FunctionEntry or TracepointRole.FunctionExit
                    ? semantics.FindRoleArgument(tracepoint)
                    : -1
            ),
        ];

    /// <summary>
    /// Adds the addresses of the calls in all backtraces, which are return addresses less 1, and of functions that
    /// begin or end.
    /// </summary>
    /// <param name="records">Whole records, as a piece has them.</param>
    /// <param name="tracepoints">The tracepoints that they are of.</param>
    /// <param name="functions">What <see cref="FindFunctions"/> gives for them.</param>
    /// <param name="layout">The sizes of records.</param>
    /// <param name="addresses">Receives the addresses.</param>
    /// <param name="limit">The most that the set may hold.</param>
    public static void CollectCalls(
        ReadOnlySpan<byte> records,
        TracepointTable tracepoints,
        ReadOnlySpan<int> functions,
        RingLayout layout,
        HashSet<ulong> addresses,
        int limit
    )
    {
        while (TryMeasure(records, tracepoints, layout, out int tracepoint, out int payload, out int size))
        {
            if (functions[tracepoint] is >= 0 and var place && addresses.Count < limit)
            {
                var arguments = new PayloadArguments(tracepoints[tracepoint].Layout!, records[payload..size]);
                addresses.Add(unchecked((ulong)arguments.GetInteger(place)));
            }

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
