namespace Osprey.Target.Backends.CoreFile;

/// <summary>A program of the guest, as a core names it: where its ELF file was when the core was written.</summary>
/// <param name="IsKernel">True for the kernel; false for another module.</param>
/// <param name="Path">The file, as a full path of the host that wrote the core.</param>
/// <param name="BuildId">Its build-id in hex digits; empty when it has none.</param>
/// <param name="Bias">The number that is added to its link-time addresses, modulo 2^64.</param>
public sealed record CoreProgram(bool IsKernel, string Path, string BuildId, ulong Bias);
