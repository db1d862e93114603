using Osprey.Guests.Modules;
using Osprey.Guests.Programs;

namespace Osprey.Guests.Osv.Modules;

/// <summary>
/// Lists files of this host that a loaded file of an OSv guest may have been made of: those that the manifests of the
/// kernel's build folder name, files of its name in that folder, and the same path below folders that a user names.
/// </summary>
/// <param name="kernelPath">The kernel's own ELF file.</param>
internal sealed class OsvModuleFiles(string kernelPath)
{
    private static readonly string[] s_manifests = ["usr.manifest", "bootfs.manifest"];

    private readonly string _build = Path.GetDirectoryName(Path.GetFullPath(kernelPath)) ?? "/";
    private IReadOnlyList<(string Name, OsvManifest Manifest)>? _manifests;

    /// <summary>The kernel's own ELF file.</summary>
    public string KernelPath => kernelPath;

    private IReadOnlyList<(string Name, OsvManifest Manifest)> Manifests => _manifests ??= [.. ReadManifests()];

    /// <summary>Lists files, the most likely first.</summary>
    public IEnumerable<KernelCandidate> List(GuestObject loaded, IReadOnlyList<string> searchFolders)
    {
        foreach ((string name, OsvManifest manifest) in Manifests)
        {
            foreach (string host in manifest.Find(loaded.Path))
                yield return new KernelCandidate(Path.Combine(_build, host), $"by {name}");
        }

        string file = Path.GetFileName(loaded.Path);
        if (file.Length > 0)
        {
            yield return new KernelCandidate(Path.Combine(_build, file), "found beside the kernel");
            yield return new KernelCandidate(
                Path.Combine(_build, "modules", Path.GetFileNameWithoutExtension(file), file),
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

    private IEnumerable<(string Name, OsvManifest Manifest)> ReadManifests()
    {
        foreach (string name in s_manifests)
        {
            if (OsvManifest.TryRead(Path.Combine(_build, name)) is { } manifest)
                yield return (name, manifest);
        }
    }
}
