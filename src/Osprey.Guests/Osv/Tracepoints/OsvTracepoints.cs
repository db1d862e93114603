using Osprey.Guests.Tracepoints;
using Osprey.Symbols.Types;
using Osprey.Values;

namespace Osprey.Guests.Osv.Tracepoints;

/// <summary>Lists OSv's tracepoints: the list <c>tracepoint_base::tp_list</c>.</summary>
internal static class OsvTracepoints
{
    private const int MaxTracepoints = 1 << 14;
    private const int MaxText = 1024;

    /// <summary>Lists the tracepoints in the kernel's order.</summary>
    public static GuestList<GuestTracepoint> List(GuestKernel kernel, CancellationToken cancellation)
    {
        GuestList<OsvTracepoint> objects = ListObjects(kernel, cancellation);
        return new GuestList<GuestTracepoint>([.. objects.Items.Select(item => item.Tracepoint)], objects.Defects);
    }

    /// <summary>Lists them with the kernel's objects.</summary>
    public static GuestList<OsvTracepoint> ListObjects(GuestKernel kernel, CancellationToken cancellation) =>
        GuestWalk<OsvTracepoint>.Read(
            kernel,
            walk =>
                walk.Visit(
                    kernel.GetVariable("tracepoint_base::tp_list"),
                    "tracepoints",
                    MaxTracepoints,
                    element =>
                    {
                        Value point = element.ResolvedType is PointerType ? element.Dereference() : element.Follow();
                        return ReadTracepoint(point) is { } tracepoint ? new OsvTracepoint(point, tracepoint) : null;
                    }
                ),
            cancellation
        );

    private static GuestTracepoint? ReadTracepoint(Value point)
    {
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
