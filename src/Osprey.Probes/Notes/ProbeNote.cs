namespace Osprey.Probes.Notes;

/// <summary>One note of <c>.note.stapsdt</c>: one site of a probe, as the file has it.</summary>
/// <param name="Provider">The provider, such as <c>libc</c>.</param>
/// <param name="Name">The name, such as <c>setjmp</c>.</param>
/// <param name="LinkAddress">Link-time address of the site's NOP, not corrected for prelink.</param>
/// <param name="BaseLinkAddress">Address of <c>.stapsdt.base</c> when the file was linked; 0 for none.</param>
/// <param name="SemaphoreLinkAddress">Link-time address of the semaphore, not corrected; 0 for none.</param>
/// <param name="Arguments">The arguments as the compiler wrote them, such as <c>8@%rdi -4@%esi</c>.</param>
public sealed record ProbeNote(
    string Provider,
    string Name,
    ulong LinkAddress,
    ulong BaseLinkAddress,
    ulong SemaphoreLinkAddress,
    string Arguments
)
{
    /// <summary>The owner of the notes.</summary>
    public const string Owner = "stapsdt";

    /// <summary>The type of the notes.</summary>
    public const uint Type = 3; // NT_STAPSDT
}
