using Osprey.Guests.Osv.Scheduling;
using Osprey.Guests.PerCpu;
using Osprey.Guests.Tracepoints;
using Osprey.Values;

namespace Osprey.Guests.Osv.Tracepoints;

/// <summary>Finds the trace buffers of OSv's CPUs: the per-CPU variable <c>percpu_trace_buffer</c>.</summary>
internal static class OsvTraceRings
{
    private const int PageSize = 4096; // trace_page_size
    private const int BacktraceLength = 10; // tracepoint_base::backtrace_len
    private const ulong MaxHeader = 4096;

    /// <summary>Finds them; a CPU's buffer that is not understood is a defect.</summary>
    public static GuestTraceRings Read(GuestKernel kernel, CancellationToken cancellation)
    {
        Value variable = kernel.GetVariable("percpu_trace_buffer");
        GuestList<GuestCpuValue> buffers = OsvPerCpu.Read(kernel, variable, cancellation);
        var defects = buffers.Defects.ToList();
        var rings = new List<GuestTraceRing>();
        foreach (GuestCpuValue buffer in buffers.Items)
        {
            if (ReadRing(buffer) is { } ring)
                rings.Add(ring);
            else
                defects.Add($"the trace buffer of CPU {buffer.Cpu} is not understood");
        }

        return new GuestTraceRings(
            new GuestList<GuestTraceRing>(rings, defects),
            OsvTracepoints.List(kernel, cancellation),
            PageSize,
            BacktraceLength
        );
    }

    private static GuestTraceRing? ReadRing(GuestCpuValue buffer)
    {
        Value value = buffer.Value;
        if (
            value.Address is not { } address
            || value.Size is not (> 0 and <= MaxHeader and var size)
            || value.Member("_base")?.AsPointer() is not { } start
            || value.Member("_last")?.Address is not { } last
            || OsvPointers.Number(value.Member("_size")) is not { } length
        )
            return null;

        return new GuestTraceRing(
            buffer.Cpu,
            address,
            (int)size,
            (int)Math.Min(unchecked(last - address), MaxHeader),
            start,
            length
        );
    }
}
