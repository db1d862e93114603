using Osprey.Probes.Names;
using Osprey.Probes.Processes;

namespace Osprey.Probes.Tracing;

/// <summary>A site of a probe in a process.</summary>
/// <param name="Loaded">The file that it is in, and where that is loaded.</param>
/// <param name="Probe">The probe.</param>
/// <param name="Site">The site.</param>
/// <param name="Names">What is known of its arguments.</param>
/// <param name="SymbolAddresses">
/// For each argument the run-time address of the symbol in its operand; null where it has none or the file does not
/// know it.
/// </param>
public sealed record TracedSite(
    LoadedProbes Loaded,
    Probe Probe,
    ProbeSite Site,
    IReadOnlyList<ArgumentName> Names,
    IReadOnlyList<ulong?> SymbolAddresses
)
{
    /// <summary>Run-time address of the NOP.</summary>
    public ulong Address { get; } = Loaded.ToAddress(Site.LinkAddress);

    /// <summary>Run-time address of the semaphore; null when there is none.</summary>
    public ulong? SemaphoreAddress { get; } =
        Site.SemaphoreLinkAddress is { } address ? Loaded.ToAddress(address) : null;

    /// <summary>
    /// Tells whether text is looked for behind an argument: behind a pointer to text, and, since nobody says what
    /// others are, behind whatever has a pointer's size.
    /// </summary>
    public bool MayPointToText(int argument) =>
        Names[argument].IsText || Site.Arguments[argument] is { IsFloating: false, Size: 0 or 8 };
}
