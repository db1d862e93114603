namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>All that Osprey put into a QEMU's block graph and did not take back.</summary>
/// <param name="Filters">The filters as they are noted; the graph says which are there.</param>
/// <param name="Breakpoints">The breakpoints, each with whether it holds a request.</param>
/// <param name="Problem">
/// The reason why it is not known which breakpoints hold a request; null when it is known.
/// </param>
public sealed record BlockStatus(
    IReadOnlyList<BlockFilter> Filters,
    IReadOnlyList<BlockBreakpointStatus> Breakpoints,
    string? Problem
)
{
    /// <summary>Joins what is noted with what was found.</summary>
    internal static BlockStatus Join(BlockJournalState noted, IReadOnlySet<string>? suspended, string? problem)
    {
        bool? IsSuspended(string qemuTag) => suspended?.Contains(qemuTag);

        return new BlockStatus(
            noted.Filters,
            [
                .. noted.Breakpoints.Select(item => new BlockBreakpointStatus(item, IsSuspended(item.QemuTag))),
                // The file may have been lost, but the requests are not.
                .. (suspended ?? new HashSet<string>())
                    .Where(qemuTag => noted.Breakpoints.All(item => item.QemuTag != qemuTag))
                    .Order(StringComparer.Ordinal)
                    .Select(qemuTag => new BlockBreakpointStatus(
                        new BlockBreakpoint(BlockBreakpoint.FindTag(qemuTag)!, qemuTag, "", ""),
                        true
                    )),
            ],
            problem
        );
    }
}
