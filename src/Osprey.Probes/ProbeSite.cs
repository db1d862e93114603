using Osprey.Probes.Notes;
using Osprey.Probes.Operands;

namespace Osprey.Probes;

/// <summary>A place in the code where a probe is. Addresses are corrected for prelink.</summary>
/// <param name="Note">The note as the file has it.</param>
/// <param name="LinkAddress">Link-time address of the NOP.</param>
/// <param name="FileOffset">Its offset in the file; null when no segment of the file holds it.</param>
/// <param name="SemaphoreLinkAddress">Link-time address of the semaphore (2 bytes); null when there is none.</param>
/// <param name="SemaphoreFileOffset">Its offset in the file; null when there is none.</param>
/// <param name="Arguments">The arguments at this site: each site has places of its own for them.</param>
public sealed record ProbeSite(
    ProbeNote Note,
    ulong LinkAddress,
    ulong? FileOffset,
    ulong? SemaphoreLinkAddress,
    ulong? SemaphoreFileOffset,
    IReadOnlyList<ProbeArgument> Arguments
);
