using Osprey.Guests.Memory;

namespace Osprey.Guests.Tracepoints;

/// <summary>The change of some tracepoints, and the memory that makes it.</summary>
/// <param name="Changes">The tracepoints that are meant, by name, also those that are as wanted already.</param>
/// <param name="Writes">
/// The bytes to write, in this order: with only the first of them written, the guest runs as safely as with all. The
/// same plan made again then has the rest.
/// </param>
/// <param name="Guards">The bytes that must be as they were for the plan to hold.</param>
public sealed record GuestTracepointPlan(
    IReadOnlyList<GuestTracepointChange> Changes,
    IReadOnlyList<GuestMemoryWrite> Writes,
    IReadOnlyList<GuestMemoryGuard> Guards
);
