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
)
{
    /// <summary>Tells whether the note VMCOREINFO of a Linux kernel was found and is in the core.</summary>
    public bool HasVmcoreInfo { get; init; }

    /// <summary>
    /// Tells whether the program headers lie behind the memory, since it came in too many pieces: crash and drgn do
    /// not open such a core.
    /// </summary>
    public bool HeadersAreLast { get; init; }
}
