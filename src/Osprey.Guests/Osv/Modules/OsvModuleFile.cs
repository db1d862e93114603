using Osprey.Guests.Modules;
using Osprey.Guests.Programs;

namespace Osprey.Guests.Osv.Modules;

/// <summary>
/// Lists files of this host that a loaded file of an OSv guest may have been made of: those that the manifests of the
/// kernel's build folder name, files of its name in that folder, and the same path below folders that a user names.
/// </summary>
internal static class OsvModuleFile
{
    private static readonly string[] s_manifests = ["usr.manifest", "bootfs.manifest"];

    /// <summary>Lists files, the most likely first.</summary>
    public static IEnumerable<KernelCandidate> List(
        GuestObject loaded,
        string kernelPath,
        IReadOnlyList<string> searchFolders
    )
    {
        string build = Path.GetDirectoryName(Path.GetFullPath(kernelPath)) ?? "/";
        foreach (string name in s_manifests)
        {
            if (OsvManifest.TryRead(Path.Combine(build, name)) is not { } manifest)
                continue;

            foreach (string host in manifest.Find(loaded.Path))
                yield return new KernelCandidate(Path.Combine(build, host), $"by {name}");
        }

        string file = Path.GetFileName(loaded.Path);
        if (file.Length > 0)
        {
            yield return new KernelCandidate(Path.Combine(build, file), "found beside the kernel");
            yield return new KernelCandidate(
                Path.Combine(build, "modules", Path.GetFileNameWithoutExtension(file), file),
                "found in the build folder"
            );
        }

        foreach (string folder in searchFolders)
        {
            yield return new KernelCandidate(Path.Combine(folder, loaded.Path.TrimStart('/')), $"found below {folder}");
            if (file.Length > 0)
                yield return new KernelCandidate(Path.Combine(folder, file), $"found in {folder}");
        }
    }
}
