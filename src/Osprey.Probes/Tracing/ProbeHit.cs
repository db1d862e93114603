using Osprey.Probes.Values;

namespace Osprey.Probes.Tracing;

/// <summary>A thread that came by a probe.</summary>
/// <param name="Site">The probe's site.</param>
/// <param name="Time">Nanoseconds on the host's monotonic clock.</param>
/// <param name="ThreadId">The thread's id.</param>
/// <param name="ThreadName">The thread's name.</param>
/// <param name="Cpu">The CPU that it ran on; null when not known.</param>
/// <param name="Values">The values of the arguments.</param>
/// <param name="Stack">
/// The site's address plus 1, then the return addresses, innermost first; the first alone without stacks.
/// </param>
public sealed record ProbeHit(
    TracedSite Site,
    ulong Time,
    int ThreadId,
    string ThreadName,
    uint? Cpu,
    IReadOnlyList<ProbeValue> Values,
    IReadOnlyList<ulong> Stack
);
