namespace Osprey.Guests.Tracepoints;

/// <summary>A tracepoint as it is, and as it shall be.</summary>
/// <param name="Before">The tracepoint as it is.</param>
/// <param name="After">The tracepoint as it shall be.</param>
/// <param name="Sites">
/// The number of places in the kernel's code that it has; a tracepoint without any writes no samples.
/// </param>
public sealed record GuestTracepointChange(GuestTracepoint Before, GuestTracepoint After, int Sites);
