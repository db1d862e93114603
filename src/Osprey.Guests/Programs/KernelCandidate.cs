namespace Osprey.Guests.Programs;

/// <summary>A file that may be a kernel's ELF file.</summary>
/// <param name="Path">The file; it need not exist.</param>
/// <param name="Origin">The reason to look there, in words.</param>
public sealed record KernelCandidate(string Path, string Origin)
{
    internal const string Booted = "QEMU's -kernel";
    internal const string BesideBooted = "beside QEMU's -kernel";

    /// <summary>A file of a name in the folder of the file that QEMU boots.</summary>
    internal static KernelCandidate Beside(string bootFile, string name) =>
        new(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(bootFile) ?? "/", name), BesideBooted);

    /// <summary>A file of a name in a folder to search.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="origin">The reason for a folder that is relative to the current one.</param>
    internal static KernelCandidate In(string folder, string name, string origin) =>
        new(System.IO.Path.Combine(folder, name), System.IO.Path.IsPathRooted(folder) ? $"found in {folder}" : origin);
}
