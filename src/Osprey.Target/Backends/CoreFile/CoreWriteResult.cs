namespace Osprey.Target.Backends.CoreFile;

/// <summary>The contents of a core that was written.</summary>
/// <param name="MemoryBytes">Bytes of guest memory that can be read from it.</param>
/// <param name="ZeroBytes">Those of them that are holes in the file: pages of zeros.</param>
/// <param name="UnreadableBytes">
/// Bytes that the guest has and that could not be read; they are unreadable in the core too.
/// </param>
/// <param name="Cpus">CPUs whose registers are in it.</param>
/// <param name="CpuProblem">Why the registers of some CPU are missing; null when none are.</param>
public sealed record CoreWriteResult(
    ulong MemoryBytes,
    ulong ZeroBytes,
    ulong UnreadableBytes,
    int Cpus,
    string? CpuProblem
);
