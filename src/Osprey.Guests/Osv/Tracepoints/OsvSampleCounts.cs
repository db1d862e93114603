using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Osprey.Guests.Osv.Scheduling;
using Osprey.Guests.PerCpu;
using Osprey.Guests.Tracepoints;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Osv.Tracepoints;

/// <summary>Counts the samples of each tracepoint in the buffers of OSv's CPUs.</summary>
/// <remarks>
/// A buffer is a ring of pages of 4096 bytes. A sample begins with the address of its tracepoint and never crosses a
/// page; a zero there means that the rest of the page is not used, all ones that the sample is being written. The size
/// of its arguments comes from the signature of its tracepoint.
/// </remarks>
internal sealed class OsvSampleCounts
{
    private const int PageSize = 4096;
    private const ulong MaxBuffer = 1UL << 30;
    private const ulong Unfinished = ulong.MaxValue;
    private const int HeaderSize = 48;
    private const int FlagsOffset = 44;
    private const int BacktraceSize = 10 * sizeof(ulong);

    private readonly Dictionary<ulong, long>? _counts;

    private OsvSampleCounts(Dictionary<ulong, long>? counts) => _counts = counts;

    /// <summary>Gives the number of a tracepoint's samples; null when they were not counted.</summary>
    public long? Find(ulong tracepoint) => _counts?.GetValueOrDefault(tracepoint);

    /// <summary>Counts; what can't be read is among the defects.</summary>
    public static OsvSampleCounts Read(
        GuestKernel kernel,
        IReadOnlyList<GuestTracepoint> tracepoints,
        List<string> defects,
        CancellationToken cancellation
    )
    {
        if (kernel.FindVariable("percpu_trace_buffer") is not { } variable)
            return new OsvSampleCounts(null);

        GuestList<GuestCpuValue> buffers;
        try
        {
            buffers = OsvPerCpu.Read(kernel, variable, cancellation);
        }
        catch (TargetException exception)
        {
            defects.Add($"samples were not counted: {exception.Message}");
            return new OsvSampleCounts(null);
        }

        defects.AddRange(buffers.Defects);
        var counts = new Dictionary<ulong, long>();
        Dictionary<ulong, string> known = [];
        foreach (GuestTracepoint point in tracepoints)
            known[point.Address] = point.Signature ?? "";

        foreach (GuestCpuValue buffer in buffers.Items)
            Count(kernel, buffer, known, counts, defects, cancellation);

        return new OsvSampleCounts(counts);
    }

    private static void Count(
        GuestKernel kernel,
        GuestCpuValue buffer,
        Dictionary<ulong, string> known,
        Dictionary<ulong, long> counts,
        List<string> defects,
        CancellationToken cancellation
    )
    {
        Value value = buffer.Value;
        if (
            value.Member("_base")?.AsPointer() is not { } start
            || OsvPointers.Number(value.Member("_last")) is not { } last
            || OsvPointers.Number(value.Member("_size")) is not { } size
            || size % PageSize != 0
            || size > MaxBuffer
        )
        {
            defects.Add($"the trace buffer of CPU {buffer.Cpu} is not understood");
            return;
        }

        if (start == 0 || size == 0)
            return;

        byte[] page = new byte[PageSize];
        ulong filled = last < size ? (last + PageSize - 1) / PageSize * PageSize : size;
        ulong end = last % size; // behind it is the rest of a page that was written before
        ulong lost = 0;
        for (ulong at = 0; at < filled; at += PageSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = kernel.Values.Memory.Read(unchecked(start + at), page);
            int used = end > at && end - at < PageSize ? (int)(end - at) : PageSize;
            lost += read == PageSize && CountPage(page.AsSpan(0, used), known, counts) ? 0UL : 1UL;
        }

        if (lost > 0)
            defects.Add($"{lost} pages of the trace buffer of CPU {buffer.Cpu} can't be read or hold other things");
    }

    /// <summary>Counts the samples of a page; false when something is in it that is no sample.</summary>
    private static bool CountPage(
        ReadOnlySpan<byte> page,
        Dictionary<ulong, string> known,
        Dictionary<ulong, long> counts
    )
    {
        int at = 0;
        while (at + HeaderSize <= page.Length)
        {
            ulong tracepoint = BinaryPrimitives.ReadUInt64LittleEndian(page[at..]);
            if (tracepoint is 0 or Unfinished)
                return true;

            if (!known.TryGetValue(tracepoint, out string? signature))
                return false;

            CollectionsMarshal.GetValueRefOrAddDefault(counts, tracepoint, out _)++;
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(page[(at + FlagsOffset)..]);
            int payload = at + HeaderSize + ((flags & 1) != 0 ? BacktraceSize : 0);
            if (payload > page.Length || Measure(page[payload..], signature) is not { } length)
                return false;

            at = (payload + length + 7) & ~7;
        }

        return true;
    }

    /// <summary>The size of a sample's arguments; null when the signature is not understood.</summary>
    private static int? Measure(ReadOnlySpan<byte> payload, string signature)
    {
        int at = 0;
        foreach (char letter in signature)
        {
            int size = letter switch
            {
                'c' or 'b' or 'B' or '?' => 1,
                'h' or 'H' or '*' => 2,
                'i' or 'I' or 'f' => 4,
                'q' or 'Q' or 'd' or 'P' => 8,
                'p' => 50,
                _ => 0,
            };
            if (size == 0)
                return null;

            at = letter == 'p' ? at : (at + size - 1) & -size;
            if (letter == '*')
            {
                if (at + 2 > payload.Length)
                    return null;

                size += BinaryPrimitives.ReadUInt16LittleEndian(payload[at..]);
            }

            at += size;
            if (at > payload.Length)
                return null;
        }

        return at;
    }
}
