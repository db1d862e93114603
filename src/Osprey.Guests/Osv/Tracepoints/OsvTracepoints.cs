using Osprey.Guests.Tracepoints;
using Osprey.Symbols.Types;
using Osprey.Values;

namespace Osprey.Guests.Osv.Tracepoints;

/// <summary>Lists OSv's tracepoints: the list <c>tracepoint_base::tp_list</c>.</summary>
internal static class OsvTracepoints
{
    private const int MaxTracepoints = 1 << 14;
    private const int MaxText = 1024;

    /// <summary>Lists the tracepoints by name, with the samples that the buffers have of each.</summary>
    public static GuestList<GuestTracepoint> Read(GuestKernel kernel, CancellationToken cancellation)
    {
        GuestList<GuestTracepoint> list = List(kernel, cancellation);
        var defects = list.Defects.ToList();
        OsvSampleCounts counts = OsvSampleCounts.Read(kernel, list.Items, defects, cancellation);
        return new GuestList<GuestTracepoint>(
            [
                .. list
                    .Items.Select(item => item with { Samples = counts.Find(item.Address) })
                    .OrderBy(item => item.Name, StringComparer.Ordinal),
            ],
            defects
        );
    }

    /// <summary>Lists the tracepoints in the kernel's order, and counts no samples.</summary>
    public static GuestList<GuestTracepoint> List(GuestKernel kernel, CancellationToken cancellation) =>
        OsvWalk<GuestTracepoint>.Read(
            kernel,
            walk =>
                walk.Visit(
                    kernel.GetVariable("tracepoint_base::tp_list"),
                    "tracepoints",
                    MaxTracepoints,
                    ReadTracepoint
                ),
            cancellation
        );

    private static GuestTracepoint? ReadTracepoint(Value element)
    {
        Value point = element.ResolvedType is PointerType ? element.Dereference() : element.Follow();
        if (
            point.Address is not { } address
            || point.Member("name")?.AsString(MaxText) is not { } name
            || OsvPointers.Number(point.Member("_logging", "enabled")) is not { } logging
        )
            return null;

        return new GuestTracepoint(
            name,
            address,
            point.Member("format")?.AsString(MaxText) ?? "",
            point.Member("sig")?.AsString(MaxText),
            logging != 0,
            OsvPointers.Number(point.Member("_backtrace")) is > 0,
            OsvPointers.Number(point.Member("active")) is { } active ? active != 0 : null
        );
    }
}
