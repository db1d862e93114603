using Osprey.Target.Memory;

namespace Osprey.Target.Architectures.X64;

/// <summary>The translation of one virtual address, step by step.</summary>
/// <param name="Address">The virtual address.</param>
/// <param name="Steps">The entries that were looked at, from the root down.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Translation">Where the address lies; null unless it is mapped.</param>
/// <param name="Permissions">What all levels together allow; none unless it is mapped.</param>
public sealed record PageWalk(
    ulong Address,
    IReadOnlyList<PageTableStep> Steps,
    PageWalkOutcome Outcome,
    Translation? Translation,
    PagePermissions Permissions
);
