namespace Osprey.Guests.Tracepoints;

/// <summary>The rings that a kernel's tracepoints write samples to, and the tracepoints.</summary>
/// <param name="Rings">The ring of each CPU.</param>
/// <param name="Tracepoints">The kernel's tracepoints, in its own order.</param>
/// <param name="PageSize">Size of the pages of a ring that samples do not cross.</param>
/// <param name="BacktraceLength">The number of return addresses in a sample with a backtrace.</param>
public sealed record GuestTraceRings(
    GuestList<GuestTraceRing> Rings,
    GuestList<GuestTracepoint> Tracepoints,
    int PageSize,
    int BacktraceLength
)
{
    /// <summary>The samples that were never written, as the guest counts them; null where it counts none.</summary>
    public long? Dropped { get; init; }
}
